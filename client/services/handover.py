"""Giving what waits to a courier, as a file: the same bundle that an exchange would have posted.

Whoever carries it can read nothing and change nothing, and may post it to any of the city's servers
as it is. Nothing here is finished by it: the changes keep waiting until a receipt comes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from client.services.asking import Terms, compose
from client.services.notes import Notes

if TYPE_CHECKING:
    from client.services.replica import Replica

_HANDED: Final = "handed"
_KEPT_MAX: Final = 4_096


class Handed(msgspec.Struct, frozen=True):
    """When which own change was given to a courier, by its id in hex."""

    at_ms: dict[str, int] = msgspec.field(default_factory=dict)


class Handover:
    """Bundles for couriers, and what was given to them."""

    def __init__(self, replica: Replica, notes: Notes) -> None:
        self._replica = replica
        self._notes = notes
        self._made: tuple[bytes, ...] = ()
        self._remember()

    def bundle(self) -> tuple[bytes, int]:
        """What waits, as a file for a courier, and how many changes that are."""
        with self._replica.exchanging:
            asked = compose(self._replica, Terms(), explain=False)
        self._made = tuple(change_id for run in asked.outgoing.runs for change_id in run.ids)
        return asked.outgoing.raw, len(self._made)

    def given(self) -> None:
        """The last bundle was really given away: only now its changes count as carried."""
        now = self._replica.clock()
        known = self._notes.get(_HANDED, Handed) or Handed()
        at_ms = known.at_ms | {each.hex(): now for each in self._made}
        self._notes.put(_HANDED, Handed(dict(list(at_ms.items())[-_KEPT_MAX:])))
        self._made = ()
        self._remember()

    def _remember(self) -> None:
        known = self._notes.get(_HANDED, Handed) or Handed()
        self._replica.handed = {bytes.fromhex(each): at for each, at in known.at_ms.items()}
        self._replica.threads.forget_views()

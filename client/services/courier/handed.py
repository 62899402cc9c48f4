"""Which own changes are with a courier, and since when: sealed, because it is nobody's business.

It finishes nothing: the changes keep waiting until a receipt comes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import msgspec

from client.services.notes import Notes

if TYPE_CHECKING:
    from client.services.replica import Replica

_HANDED: Final = "handed"
_KEPT_MAX: Final = 2_048
"""Of 83 bytes each; a note has room for them."""


class Handed(msgspec.Struct, frozen=True):
    """When which own change was given to a courier, by its id in hex."""

    at_ms: dict[str, int] = msgspec.field(default_factory=dict)


def mark_handed(replica: Replica, notes: Notes, changes: Iterable[bytes]) -> None:
    """These changes were really given away, now."""
    now = replica.clock()
    known = notes.get(_HANDED, Handed) or Handed()
    at_ms = known.at_ms | {each.hex(): now for each in changes}
    notes.put(_HANDED, Handed(dict(list(at_ms.items())[-_KEPT_MAX:])))
    load_handed(replica, notes)


def load_handed(replica: Replica, notes: Notes) -> None:
    """Let the replica know what was given away, so that its threads show it."""
    known = notes.get(_HANDED, Handed) or Handed()
    replica.handed = {bytes.fromhex(each): at for each, at in known.at_ms.items()}
    replica.threads.forget_views()

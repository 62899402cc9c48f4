"""The short way from an appeal that nobody has answered yet to its case.

Most of what a desk opens after an unlock are openings alone, with a thread key in the cache. For
them no `Change` is made, and the policy is not asked row by row: its answer to an opening of the
table's own kind in a queue is always yes, because anybody may open an appeal. What is anything else
is told so (None) and goes the long way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from client.services.appeal_view import receipt_number
from client.services.office.case import Case
from client.services.office.casemaking import fresh
from client.services.office.queue_log import Logged
from shared_schema.crypto.sealing import open_sealed
from shared_schema.crypto.signing import SIGNATURE_BYTES
from shared_schema.errors import MistoError
from shared_schema.ids import ID_BYTES, QUEUE_PREFIX
from shared_schema.records.kinds import BY_NAME, decode_payload
from shared_schema.sync.change import (
    OPENING,
    OWN,
    OWN_START,
    SEALED,
    STREAM_BYTES,
    URGENCY_MAX,
    URGENCY_SHIFT,
)
from shared_schema.sync.hlc import clamp

if TYPE_CHECKING:
    from client.services.replica import Replica

_KIND: Final = BY_NAME["appeal.opened"]
_OPENED: Final = (_KIND.number, _KIND.version)
_FORM: Final = 0xFF & ~(URGENCY_MAX << URGENCY_SHIFT)
"""All flags but the urgency, unknown ones among them."""
_SCOPE: Final = slice(1 + ID_BYTES, 1 + 2 * ID_BYTES)


def is_plain(flags: int, kind: int, version: int) -> bool:
    """Whether a change of a queue with these opens an appeal as the table of kinds says.

    `policy.judge` accepts every such change; a test holds the two together.
    """
    return flags & _FORM == SEALED | OPENING and (kind, version) == _OPENED


class PlainOpenings:
    """Opens plain openings of a replica's queues."""

    def __init__(self, replica: Replica) -> None:
        ids = replica.scopes.id_of
        self._keys = replica.thread_keys
        self._card = replica.card
        self._mine = {ids[scope]: scope for role, scope in replica.roles() if role == "desk"}

    def case(self, record: bytes, opening: Logged, wrapped: bytes) -> Case | None:
        """The case; None when it takes the long way to say whether there is one.

        Args:
            wrapped: the thread key as the cache has it, empty when it has not.
        """
        _, _, seen, received, raw = opening
        if len(raw) < OWN_START + SIGNATURE_BYTES:
            return None
        flags, time, kind, version = OWN.unpack_from(raw, STREAM_BYTES)
        if not wrapped or not is_plain(flags, kind, version):
            return None
        scope = self._mine.get(raw[_SCOPE])
        if scope is None:
            return None
        try:
            key = self._keys.unwrap(record, wrapped)
            packed = open_sealed(key, raw[:OWN_START], raw[OWN_START:-SIGNATURE_BYTES])
            opened = decode_payload(_KIND, packed)
        except MistoError:
            return None
        number = receipt_number(self._card, scope, seen)
        times = clamp(time, received), received
        return fresh(record, scope.removeprefix(QUEUE_PREFIX), number, times, opened)

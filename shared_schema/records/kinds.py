"""The registry of kinds: number, version, payload, and who may write it where.

This is the one policy table. The server enforces it on headers before it stores a change; every
client enforces it again when it folds, because a hostile server may withhold or delay but must not
forge. A kind or version that is not in the table is *newer*: held and forwarded, never dropped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Final, Literal, NamedTuple, TypeVar

import msgspec

from shared_schema.crypto.packing import pack_open, pack_sealed, unpack
from shared_schema.errors import PayloadError
from shared_schema.ids import NEWS, QUEUE_PREFIX, TRUST
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX
from shared_schema.records import appeal, desk, news, outage, place, trust, volunteer

ScopeSort = Literal["trust", "news", "queue"]
Writer = Literal[
    "anyone", "opener", "desk", "holder", "newsroom", "enrolment", "officer", "invited"
]
P = TypeVar("P")


class Kind(NamedTuple):
    """A row of the table."""

    number: int
    version: int
    name: str
    payload: type[msgspec.Struct]
    scope: ScopeSort
    writer: Writer
    sealed: bool
    opens: bool
    internal: bool = False
    """For the officers of the queue alone: sealed under their key, and in no author's mailbox."""

    @property
    def by_desk(self) -> bool:
        """Whether an act of this kind is the city's side of a thread."""
        return self.writer in ("desk", "holder")


KINDS: Final = (
    Kind(0x0101, 1, "appeal.opened", appeal.Opened, "queue", "anyone", True, True),
    Kind(0x0102, 1, "appeal.amended", appeal.Amended, "queue", "opener", True, False),
    Kind(0x0103, 1, "appeal.withdrawn", appeal.Withdrawn, "queue", "opener", True, False),
    Kind(0x0104, 1, "appeal.commented", appeal.Commented, "queue", "opener", True, False),
    Kind(0x0105, 1, "appeal.rated", appeal.Rated, "queue", "opener", True, False),
    Kind(0x0201, 1, "desk.registered", appeal.Registered, "queue", "desk", True, False),
    Kind(0x0202, 1, "desk.status", appeal.StatusSet, "queue", "desk", True, False),
    Kind(0x0203, 1, "desk.replied", appeal.Replied, "queue", "desk", True, False),
    Kind(0x0204, 1, "desk.assigned", desk.Assigned, "queue", "desk", True, False, True),
    Kind(0x0205, 1, "desk.noted", desk.Noted, "queue", "desk", True, False, True),
    Kind(0x0206, 1, "desk.merged", desk.Merged, "queue", "desk", True, False, True),
    Kind(0x0207, 1, "desk.extended", appeal.Extended, "queue", "desk", True, False),
    Kind(0x0208, 1, "desk.forwarded", appeal.Forwarded, "queue", "holder", True, False),
    Kind(0x0301, 1, "news.published", news.Published, "news", "newsroom", False, True),
    Kind(0x0302, 1, "news.corrected", news.Corrected, "news", "newsroom", False, False),
    Kind(0x0303, 1, "news.withdrawn", news.NewsWithdrawn, "news", "newsroom", False, False),
    Kind(0x0304, 1, "news.confirmed", news.NewsConfirmed, "news", "newsroom", False, False),
    Kind(0x0401, 1, "trust.granted", trust.Granted, "trust", "enrolment", False, True),
    Kind(0x0402, 1, "trust.revoked", trust.Revoked, "trust", "enrolment", False, True),
    Kind(0x0403, 1, "trust.keyed", trust.Keyed, "trust", "enrolment", False, True),
    Kind(0x0404, 1, "trust.invited", volunteer.Invited, "trust", "officer", False, True),
    Kind(0x0405, 1, "trust.joined", volunteer.Joined, "trust", "invited", False, True),
    Kind(0x0406, 1, "trust.dismissed", volunteer.Dismissed, "trust", "officer", False, True),
    Kind(0x0501, 1, "place.listed", place.Listed, "news", "newsroom", False, True),
    Kind(0x0502, 1, "place.updated", place.Updated, "news", "newsroom", False, False),
    Kind(0x0503, 1, "place.confirmed", place.Confirmed, "news", "newsroom", False, False),
    Kind(0x0504, 1, "place.removed", place.Removed, "news", "newsroom", False, False),
    Kind(0x0601, 1, "outage.scheduled", outage.Scheduled, "news", "newsroom", False, True),
    Kind(0x0602, 1, "outage.rescheduled", outage.Rescheduled, "news", "newsroom", False, False),
    Kind(0x0603, 1, "outage.announced", outage.Announced, "news", "newsroom", False, True),
    Kind(0x0604, 1, "outage.cancelled", outage.Cancelled, "news", "newsroom", False, False),
)
BY_NUMBER: Final = {(kind.number, kind.version): kind for kind in KINDS}
BY_NAME: Final = {kind.name: kind for kind in KINDS}
FORWARDED: Final = BY_NAME["desk.forwarded"]
INTERNAL: Final = frozenset(kind.number for kind in KINDS if kind.internal)
_AUTHORS: Final = frozenset(kind.number for kind in KINDS if kind.writer == "opener")
BY_PAYLOAD: Final = {kind.payload: kind for kind in KINDS}
SCOPE_WRITERS: Final[dict[ScopeSort, tuple[Writer, ...]]] = {
    "trust": ("enrolment",),
    "news": ("newsroom",),
    "queue": ("anyone",),
}
"""Who may write a newer kind, which this version cannot judge more closely."""

_json_encoder = msgspec.json.Encoder()
_decoders: Final[dict[type[Any], msgspec.json.Decoder[Any]]] = {
    kind.payload: msgspec.json.Decoder(kind.payload) for kind in KINDS
}


class Spoken(NamedTuple):
    """What of a change tells whether a rival with its number matters: kind and record."""

    kind: int
    record: bytes


def misleads(one: Spoken, other: Spoken) -> bool:
    """Whether it matters that a device gave one number to these two changes.

    An author who says two things in their own thread misleads nobody: all who read the thread read
    both. So it is when two devices hold one claim slip, and neither has heard of the other.
    """
    return one.record != other.record or not {one.kind, other.kind} <= _AUTHORS


def scope_sort(scope: str) -> ScopeSort | None:
    """The sort of the scope of this name, or None for a sort that this version does not know."""
    if scope.startswith(QUEUE_PREFIX):
        return "queue"
    if scope == TRUST:
        return "trust"
    return "news" if scope == NEWS else None


def encode_payload(payload: msgspec.Struct, *, sealed: bool) -> bytes:
    """The packed payload: a JSON array, then charset and (when sealed) compression.

    Raises:
        PayloadError: a field breaks the limits of its kind.
    """
    raw = _json_encoder.encode(_canonical(payload))
    _check(payload, raw)
    pack: Callable[[str], bytes] = pack_sealed if sealed else pack_open
    return pack(raw.decode())


def decode_payload(kind: Kind, packed: bytes) -> Any:
    """The payload of a known kind; unknown further fields are ignored (the bytes keep them).

    Raises:
        PayloadError, TooLarge: it is not what the kind says.
    """
    text = unpack(packed, BODY_UNPACKED_BYTES_MAX)
    try:
        return _decoders[kind.payload].decode(text)
    except (msgspec.MsgspecError, RecursionError, ValueError) as error:
        raise PayloadError(f"{kind.name}: {error}") from error


def _canonical(payload: msgspec.Struct) -> tuple[Any, ...]:
    """The payload without those last fields that hold their default.

    So nobody pays for a field that is not used, and what could be said before a field was added
    keeps the very bytes that it had, on the wire and in the golden vectors.
    """
    values = msgspec.structs.astuple(payload)
    defaults = _defaults(type(payload))
    end = len(values)
    while end and values[end - 1] == defaults[end - 1]:
        end -= 1
    return values[:end]


@cache
def _defaults(payload: type[msgspec.Struct]) -> tuple[Any, ...]:
    """What each field is when it is left out; NODEFAULT, equal to nothing, where it must be."""
    return tuple(
        each.default_factory() if each.default_factory is not msgspec.NODEFAULT else each.default
        for each in msgspec.structs.fields(payload)
    )


def _check(payload: msgspec.Struct, raw: bytes) -> None:
    """Structs are not validated when made; decoding what was encoded does it, in C."""
    try:
        _decoders[type(payload)].decode(raw)
    except (msgspec.MsgspecError, ValueError) as error:
        raise PayloadError(str(error)) from error

"""What the services ask of a store. One contract suite (`tests/contracts`) holds every store to it.

A writer is one transaction: its effects are durable when the context ends well, and gone when it
does not. A reader sees one consistent state and never waits for writers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol

from shared_schema.errors import MistoError
from shared_schema.sync.compose import Candidate
from shared_schema.sync.cursor import Range
from shared_schema.sync.policy import Opening
from shared_schema.sync.run import Entry


class StoreFailed(MistoError):
    """The database did not do what it was asked; the transaction did not happen."""

    code = "store_failed"


class StoreFull(StoreFailed):
    """There is no room left to write to."""

    code = "store_full"


class StoredChange(NamedTuple):
    """A row of `changes`; ids are drawn by the store's writer."""

    id: int
    scope: bytes
    device: bytes
    seq: int
    change_id: bytes
    record: bytes
    kind: int
    status: int
    reason: int
    version: int
    received: int
    raw: bytes


class FeedEntry(NamedTuple):
    """A row of `entries`: which change stands at a version of a feed."""

    feed: bytes
    version: int
    change: int
    urgency: int
    size: int


class FeedState(NamedTuple):
    """How far a feed reaches, and the state of its set digest (256 bytes)."""

    version: int
    digest: bytes


class Known(NamedTuple):
    """What is stored about a change that is offered again."""

    seq: int
    change_id: bytes
    status: int
    reason: int
    version: int
    received: int
    kind: int
    record: bytes


class StreamEnd(NamedTuple):
    """Where a stream ends: its last seq and that change's id."""

    scope: bytes
    device: bytes
    seq: int
    change_id: bytes


class Usage(NamedTuple):
    """What a device has used of its daily quota."""

    changes: int
    bytes: int


class Shared(NamedTuple):
    """A stored change as a feed of another scope needs it."""

    id: int
    scope: bytes
    kind: int
    change_id: bytes
    urgency: int
    size: int


class HeldChange(NamedTuple):
    """A held change that waits for its record to be opened."""

    id: int
    scope: bytes
    record: bytes
    device: bytes
    change_id: bytes
    urgency: int
    size: int


class Reader(Protocol):
    """A consistent view."""

    def feed(self, feed: bytes) -> FeedState:
        """The state of a feed; version 0 when nothing was ever put into it."""

    def candidates(
        self, feed: bytes, missing: Sequence[Range], bytes_max: int, count_max: int
    ) -> list[Candidate]:
        """What a reader lacks and might get: the most urgent, and the newest that fit.

        At most `count_max` of either for each missing range. The sizes of the newest add up to
        `bytes_max` or a little more, so that a long history is not read for a short reply.
        """

    def entries(self, feed: bytes, versions: Sequence[Range]) -> list[Entry]:
        """The changes at these versions, ascending, ready to be sent."""

    def said(self, scope: bytes, device: bytes, count_max: int) -> list[Entry]:
        """The first changes of a stream, in its order; they have no version here."""

    def forked_devices(self) -> frozenset[bytes]:
        """Devices that signed two changes with one seq: cloned, restored, or hostile."""

    def trust_changes(self, scope: bytes) -> list[tuple[bytes, bytes, int]]:
        """All accepted changes of the trust scope, as (public key, bytes, received)."""


class Writer(Reader, Protocol):
    """A transaction."""

    def next_change_id(self) -> int:
        """The id for the next row of `changes`."""

    def last_received(self) -> int:
        """The largest commit time ever given, in Unix milliseconds."""

    def stream(self, scope: bytes, device: bytes) -> tuple[int, bytes]:
        """The last seq of a stream and its change id; (0, zeros) for a new one."""

    def known(self, scope: bytes, device: bytes, first: int, last: int) -> list[Known]:
        """What is stored of a stream between two seqs, both included."""

    def opening(self, record: bytes) -> Opening | None:
        """Who opened a record, where, and where it was forwarded to."""

    def of_record(self, record: bytes, opening: Opening) -> list[Shared]:
        """All stored changes of an appeal, in the order in which they came."""

    def held(self, records: Sequence[bytes]) -> list[HeldChange]:
        """Held changes of these records, stored by earlier transactions."""

    def usage(self, device: bytes, day: int) -> Usage:
        """What a device used on a day (days since 1970)."""

    def add_changes(self, rows: Sequence[StoredChange]) -> None:
        """Store changes."""

    def add_entries(self, rows: Sequence[FeedEntry]) -> None:
        """Put changes into feeds."""

    def add_records(self, rows: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Note openings: (record, scope, device)."""

    def add_forwarded(self, rows: Sequence[tuple[bytes, bytes]]) -> None:
        """Note scopes that hold a record besides its own: (record, scope)."""

    def add_devices(self, rows: Iterable[tuple[bytes, bytes]]) -> None:
        """Note public keys: (device, public key); known ones stay as they are."""

    def flag_forks(self, devices: Iterable[bytes]) -> None:
        """Note devices that signed two changes with one seq."""

    def set_streams(self, rows: Sequence[StreamEnd]) -> None:
        """Note where streams end now."""

    def set_feeds(self, states: Iterable[tuple[bytes, FeedState]]) -> None:
        """Note how far feeds reach now."""

    def set_usage(self, day: int, used: Iterable[tuple[bytes, Usage]]) -> None:
        """Note what devices have used of a day."""


class Store(Protocol):
    """A durable store. What goes wrong in it is raised as `StoreFailed`."""

    def write(self) -> AbstractContextManager[Writer]:
        """One transaction; one at a time."""

    def read(self) -> AbstractContextManager[Reader]:
        """One consistent view."""

    def close(self) -> None:
        """Release files and connections."""

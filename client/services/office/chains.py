"""The chains of a scope's devices, walked change by change: is each vouched for, is one missing?

A change is authentic when its own signature holds or an authentic later one of its stream names
it as `prev`. Both are looked at: a change that only its chain vouches for counts, but cannot prove
itself alone, and that is told. Streams come in one after the other, each in the order of its seq.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from client.services.office.audit_types import FindingCode
from shared_schema.ids import device_id
from shared_schema.records.kinds import Spoken, misleads
from shared_schema.sync.change import NO_PREV, Change, signature_holds

Report = Callable[[FindingCode, str], None]
"""Told of each thing that is found, and where."""
_SHOWN: Final = 8


class Link(NamedTuple):
    """A change in its place, and the key that must have signed it."""

    change: Change
    public_key: bytes


class Chains:
    """Walks the streams. Call `take` for every change, and `end` once."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._device = b""
        self._key = b""
        self._seq = 0
        self._ids: set[bytes] = set()
        """Those at the last seq: more than one is a fork."""
        self._spoken: list[Spoken] = []
        """Of the same, what tells whether a fork matters."""
        self._before: set[bytes] = set()
        """Those at the seq before it."""
        self._last = b""
        """The id that the next change of this stretch names."""
        self._doubtful: list[str] = []
        """Changes of this stretch without a signature that holds, since the last one with."""

    def take(self, link: Link) -> None:
        """The next change, by device and seq."""
        change = link.change
        if change.device != self._device:
            self._begin(change.device, link.public_key)
            if device_id(link.public_key) != change.device:
                self._report("disagrees", place_of(change))
        if change.seq != self._seq:
            self._step(change.device, change.seq)
        elif change.id not in self._ids and self._matters(change):
            self._report("fork", place_of(change))
        if self._linked(change.seq) and change.prev not in (self._before or {NO_PREV}):
            self._report("broken_chain", place_of(change))
        if change.prev != self._last:
            self._close()
        self._judge(change)
        self._ids.add(change.id)
        self._spoken.append(Spoken(change.kind, change.record))
        self._last = change.id

    def gone(self, public_key: bytes, seq: int, change_id: bytes) -> None:
        """A change of which only the id is left, or whose bytes are others: its place is taken."""
        device = device_id(public_key)
        if device != self._device:
            self._begin(device, public_key)
        self._close()
        if seq != self._seq:
            self._step(device, seq)
        self._ids.add(change_id)
        self._last = b""

    def end(self) -> None:
        """No more: what is still open has nothing that vouches for it."""
        self._close()

    def _begin(self, device: bytes, public_key: bytes) -> None:
        self._close()
        self._device, self._key, self._last = device, public_key, b""
        self._seq, self._ids, self._before = 0, set(), set()
        self._spoken = []

    def _step(self, device: bytes, seq: int) -> None:
        """On to another seq; numbers between were refused by the city, or have not come."""
        if seq != self._seq + 1:
            self._report("skipped", place(device, seq))
            self._before = set()
        else:
            self._before = self._ids
        self._seq, self._ids, self._spoken = seq, set(), []

    def _matters(self, change: Change) -> bool:
        """Whether anybody can be misled by this one's having the number of those before it.

        Those of which only the id is left are public: they matter.
        """
        spoken = Spoken(change.kind, change.record)
        unread = len(self._spoken) < len(self._ids)
        return unread or any(misleads(spoken, other) for other in self._spoken)

    def _linked(self, seq: int) -> bool:
        """Whether the change before this one is here, or there is none."""
        return bool(self._before) or seq == 1

    def _judge(self, change: Change) -> None:
        """A signature that holds vouches for all that leads up to it."""
        if not signature_holds(change, self._key):
            self._doubtful.append(place_of(change))
            return
        for where in self._doubtful:
            self._report("only_chain", where)
        self._doubtful.clear()

    def _close(self) -> None:
        """The end of a stretch: nothing vouches for what is still doubtful in it."""
        for where in self._doubtful:
            self._report("unsigned", where)
        self._doubtful.clear()


def place_of(change: Change) -> str:
    """Where a change stands in its device's stream."""
    return place(change.device, change.seq)


def place(device: bytes, seq: int) -> str:
    """A place in a device's stream, as people can compare it."""
    return f"{device.hex()[:_SHOWN]}/{seq}"

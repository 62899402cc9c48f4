"""Composing replies: which changes a reader gets, within its budget, and what the server signs.

Most urgent first, then a reader's own mail, then newest first; trust before all, because nothing
else can be judged without it. Sections of public feeds are kept, since many devices ask the same.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final, NamedTuple

from shared_schema.crypto.card import Card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import (
    MAIL,
    NEWS,
    OWN,
    PUBLIC_KEY_BYTES,
    TRUST,
    feed_id,
    queue_scope,
    scope_id,
)
from shared_schema.limits import (
    BUNDLE_BYTES_MAX,
    BUNDLE_CHANGES_MAX,
    BUNDLE_DEVICES_MAX,
    BUNDLE_RUNS_MAX,
    DOWN_BUDGET_BYTES_DEFAULT,
    DOWN_BUDGET_BYTES_MAX,
    OWN_CHANGES_MAX,
    OWN_FEED_BYTES_MAX,
    STATEMENT_BYTES_MAX,
)
from shared_schema.records.kinds import scope_sort
from shared_schema.sync import digest
from shared_schema.sync.bundle import Request, Section, Want, encode_reply, encode_section
from shared_schema.sync.compose import (
    Candidate,
    Outcome,
    head_for,
    make_statement,
    most_urgent_first,
    ranges_of,
    receipts_for,
    within,
)
from shared_schema.sync.cursor import Cursor, Range
from shared_schema.sync.receive import Incoming
from shared_schema.sync.run import Entry, gather
from shared_schema.sync.statement import HeadSubject, Receipt, ReceiptSubject
from sync_server.policy import GrantBook
from sync_server.storage.base import FeedState, Reader

KEPT_BYTES_MAX: Final = 8 * 1024 * 1024
_ROOM_BYTES: Final = BUNDLE_BYTES_MAX - STATEMENT_BYTES_MAX - 4 * BUNDLE_DEVICES_MAX
"""For sections and public keys, beside the statement and the marks between them."""
_BESIDE_OWN_BYTES: Final = 1024 * 1024
"""Of other feeds, beside what the sender itself has said."""
_RANK: Final = {TRUST: 0, MAIL: 2, NEWS: 3}
_URGENT_RANK: Final = 1
_QUEUE_RANK: Final = 4


class Asked(NamedTuple):
    """A want that its sender may read, and the state of its feed."""

    place: int
    want: Want
    feed: bytes
    state: FeedState


class Chosen(NamedTuple):
    """A candidate of one of the wants."""

    rank: tuple[int, int, int]
    asked: int
    version: int
    size: int


class _Made(NamedTuple):
    """Encoded sections, and the public keys of their authors in the order of their numbers."""

    keys: tuple[bytes, ...]
    sections: tuple[bytes, ...]
    runs: int
    """The most that any section has."""
    raw_size: int
    """Bytes of the changes themselves."""

    @property
    def size(self) -> int:
        """Bytes in the bundle, or a little less."""
        return sum(map(len, self.sections)) + PUBLIC_KEY_BYTES * len(self.keys)


class Replies:
    """Composes replies for one city."""

    def __init__(self, card: Card, signer: Signer, book: GrantBook) -> None:
        """Sign as `signer`; ask `book` who may read a queue."""
        self._card = card
        self._signer = signer
        self._book = book
        self._kept: OrderedDict[tuple[object, ...], _Made] = OrderedDict()
        self._kept_bytes = 0
        self._lock = Lock()

    def reply(
        self,
        reader: Reader,
        incoming: Incoming,
        outcomes: Sequence[Sequence[Outcome]],
        now_ms: int,
    ) -> bytes:
        """The whole down-bundle for a request."""
        request = incoming.request
        asked = self._asked(reader, request)
        devices: dict[bytes, int] = {}
        sections = self._sections(reader, request, asked, devices)
        heads = [
            head_for(each.place, each.want, each.state.version, _subject(each)) for each in asked
        ]
        proof = make_statement(
            self._signer,
            request.id,
            now_ms,
            _receipts(incoming, outcomes),
            (heads, [_subject(each) for each in asked]),
        )
        return encode_reply(list(devices), sections, proof.statement, proof.signature)

    def _asked(self, reader: Reader, request: Request) -> list[Asked]:
        asked: list[Asked] = []
        for index, want in enumerate(request.wants):
            if self._may_read(request.sender, want.feed):
                feed = feed_id(self._card.city, want.feed, request.sender)
                asked.append(Asked(index, want, feed, reader.feed(feed)))
        return asked

    def _may_read(self, device: bytes, name: str) -> bool:
        if name in (TRUST, NEWS, MAIL):
            return True
        return scope_sort(name) == "queue" and self._book.grants.role(device, name) == "desk"

    def _sections(
        self, reader: Reader, request: Request, asked: Sequence[Asked], devices: dict[bytes, int]
    ) -> list[bytes]:
        budget = min(request.budget or DOWN_BUDGET_BYTES_DEFAULT, DOWN_BUDGET_BYTES_MAX)
        behind = [each for each in asked if _missing(each)]
        public = all(each.want.feed in (TRUST, NEWS) for each in behind)
        own = self._own(reader, request)
        budget = min(budget, _BESIDE_OWN_BYTES) if own else budget
        made = self._shared(reader, behind, budget) if public else _fitting(reader, behind, budget)
        devices.update((public_key, index) for index, public_key in enumerate(made.keys))
        sections = list(made.sections)
        if own:
            sections.append(encode_section(Section(OWN, gather(own, devices))))
        return sections

    def _own(self, reader: Reader, request: Request) -> list[Entry]:
        """What the sender itself has said to the queues, for one who holds only its secrets."""
        if not any(want.feed == OWN for want in request.wants):
            return []
        city, sender = self._card.city, request.sender
        scopes = [scope_id(city, queue_scope(queue)) for queue in self._card.facts.queues]
        found = (each for scope in scopes for each in reader.said(scope, sender, OWN_CHANGES_MAX))
        chosen: list[Entry] = []
        left = OWN_FEED_BYTES_MAX
        for each in found:
            left -= len(each.raw)
            if left < 0:
                break
            chosen.append(each)
        return chosen

    def _shared(self, reader: Reader, behind: Sequence[Asked], budget: int) -> _Made:
        """Sections that others are likely to ask for too: made once for each state of the feeds."""
        key = (budget, *map(_key, behind))
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
                return kept
        made = _fitting(reader, behind, budget)
        if made.size <= KEPT_BYTES_MAX // 8:
            self._keep(key, made)
        return made

    def _keep(self, key: tuple[object, ...], made: _Made) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept_bytes += made.size
            self._kept[key] = made
            while self._kept_bytes > KEPT_BYTES_MAX:
                _, oldest = self._kept.popitem(last=False)
                self._kept_bytes -= oldest.size


def _key(each: Asked) -> tuple[object, ...]:
    want = each.want
    return (want.feed, each.state.version, want.top, tuple(want.gaps), want.count_max)


def _fitting(reader: Reader, behind: Sequence[Asked], budget: int) -> _Made:
    """What fits the budget, and also the limits of a bundle, which its reader will insist on.

    How well sections compress and how many runs and authors they have is known once they are made:
    a queue to which thousands of devices wrote has a run and a key for each change.
    """
    count = BUNDLE_CHANGES_MAX
    while True:
        made = _make(reader, behind, budget, count)
        if made.runs > BUNDLE_RUNS_MAX or len(made.keys) > BUNDLE_DEVICES_MAX:
            count = min(BUNDLE_RUNS_MAX, BUNDLE_DEVICES_MAX)  # a change has one run and one author
        elif made.size > _ROOM_BYTES:
            budget = min(budget, made.raw_size) * _ROOM_BYTES // made.size * 9 // 10
        else:
            return made


def _make(reader: Reader, behind: Sequence[Asked], budget: int, count: int) -> _Made:
    chosen = within(_ranked(reader, behind, budget), budget, count)
    devices: dict[bytes, int] = {}
    sections: list[bytes] = []
    most = 0
    for place, each in enumerate(behind):
        versions = [one.version for one in chosen if one.asked == place]
        if versions:
            runs = gather(reader.entries(each.feed, ranges_of(versions)), devices)
            most = max(most, len(runs))
            sections.append(encode_section(Section(each.want.feed, runs)))
    return _Made(tuple(devices), tuple(sections), most, sum(one.size for one in chosen))


def _subject(each: Asked) -> HeadSubject:
    return HeadSubject(each.feed, digest.finish(each.state.digest))


def _missing(each: Asked) -> tuple[Range, ...]:
    gaps = tuple((first, min(last, each.state.version)) for first, last in each.want.gaps)
    real = tuple(gap for gap in gaps if 1 <= gap[0] <= gap[1])
    return Cursor(each.want.top, real).missing(each.state.version)


def _ranked(reader: Reader, asked: Sequence[Asked], budget: int) -> list[Chosen]:
    ranked: list[Chosen] = []
    for place, each in enumerate(asked):
        count = min(each.want.count_max or BUNDLE_CHANGES_MAX, BUNDLE_CHANGES_MAX)
        found = reader.candidates(each.feed, _missing(each), budget, count)
        found = most_urgent_first(found)[:count]
        ranked.extend(
            Chosen(_rank(each.want.feed, one), place, one.version, one.size) for one in found
        )
    return sorted(ranked)


def _rank(feed: str, candidate: Candidate) -> tuple[int, int, int]:
    if feed != TRUST and candidate.urgency > 1:
        return (_URGENT_RANK, -candidate.urgency, -candidate.version)
    return (_RANK.get(feed, _QUEUE_RANK), -candidate.urgency, -candidate.version)


def _receipts(
    incoming: Incoming, outcomes: Sequence[Sequence[Outcome]]
) -> tuple[list[Receipt], list[ReceiptSubject]]:
    receipts: list[Receipt] = []
    subjects: list[ReceiptSubject] = []
    for index, (run, verdicts) in enumerate(zip(incoming.runs, outcomes, strict=True)):
        more, about = receipts_for(index, run.sent, verdicts)
        receipts.extend(more)
        subjects.extend(about)
    return receipts, subjects

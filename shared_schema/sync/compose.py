"""Composing bundles: what goes first when not everything fits, and how verdicts are written down.

Pure functions: the caller reads rows, these decide, the caller sends the bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from shared_schema.crypto.signing import Signer
from shared_schema.limits import BUNDLE_CHANGES_MAX, VERSION_MAX
from shared_schema.sync.bundle import Section, Want, encode_request, encode_section
from shared_schema.sync.cursor import Range
from shared_schema.sync.run import Entry, Run, gather
from shared_schema.sync.statement import (
    Head,
    HeadSubject,
    Proof,
    Receipt,
    ReceiptSubject,
    Statement,
    make_context,
    sign_statement,
)


class Weighed(Protocol):
    """Something with a size that competes for the budget."""

    @property
    def size(self) -> int:
        """Bytes it costs."""


W = TypeVar("W", bound=Weighed)


class Candidate(NamedTuple):
    """A change that could be sent, by its place in a feed or outbox; the bytes are read later."""

    version: int
    urgency: int
    size: int


class SentRun(NamedTuple):
    """What a request said in one run: needed to read the receipts about it."""

    scope: bytes
    device: bytes
    seq: int
    ids: tuple[bytes, ...]


class Outgoing(NamedTuple):
    """A composed request: its bytes, its id, its wants and what it offered."""

    raw: bytes
    id: bytes
    wants: tuple[Want, ...]
    runs: tuple[SentRun, ...]


class Outcome(NamedTuple):
    """The verdict on one offered change and where it stands in its scope's feed."""

    status: int
    reason: int
    version: int
    received: int


def within(items: Iterable[W], budget: int, count_max: int = 0) -> list[W]:
    """The items from the front that fit the budget; at least one, so that nothing is stuck."""
    chosen: list[W] = []
    limit = min(count_max or BUNDLE_CHANGES_MAX, BUNDLE_CHANGES_MAX)
    for item in items:
        if chosen and (budget < item.size or len(chosen) >= limit):
            break
        chosen.append(item)
        budget -= item.size
    return chosen


def most_urgent_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Most urgent first, then newest first: the order in which a bad link should carry them."""
    return sorted(candidates, key=lambda each: (-each.urgency, -each.version))


def ranges_of(versions: Iterable[int]) -> tuple[Range, ...]:
    """The maximal ranges that a set of versions makes, ascending."""
    ranges: list[list[int]] = []
    for version in sorted(versions):
        if ranges and version == ranges[-1][1] + 1:
            ranges[-1][1] = version
        else:
            ranges.append([version, version])
    return tuple((first, last) for first, last in ranges)


def compose_request(
    signer: Signer, wants: Sequence[Want], entries: Sequence[Entry], budget: int = 0
) -> Outgoing:
    """A signed request that asks for `wants` and offers `entries` (already chosen and ordered)."""
    devices = {signer.public_key: 0}
    runs = gather(entries, devices)
    sections = [encode_section(Section("", runs))] if runs else []
    raw = encode_request(signer, list(devices), list(wants), sections, budget)
    return Outgoing(raw, hashlib.sha256(raw).digest(), tuple(wants), tuple(_sent(runs, entries)))


def _sent(runs: Sequence[Run], entries: Sequence[Entry]) -> Iterable[SentRun]:
    start = 0
    for run in runs:
        own = entries[start : start + len(run.parts)]
        start += len(run.parts)
        yield SentRun(run.scope, own[0].device, run.seq, tuple(entry.id for entry in own))


def receipts_for(
    run: int, sent: SentRun, outcomes: Sequence[Outcome]
) -> tuple[list[Receipt], list[ReceiptSubject]]:
    """The fewest receipts that say all the outcomes of one run, with their subjects."""
    receipts: list[Receipt] = []
    subjects: list[ReceiptSubject] = []
    start = 0
    for end in range(1, len(outcomes) + 1):
        if end < len(outcomes) and _same(outcomes[start], outcomes[end], end - start):
            continue
        first = outcomes[start]
        receipts.append(Receipt(run, start, end - start, *first))
        subjects.append(
            ReceiptSubject(sent.scope, sent.device, sent.seq + end - 1, sent.ids[end - 1])
        )
        start = end
    return receipts, subjects


def _same(first: Outcome, other: Outcome, distance: int) -> bool:
    version = first.version + distance if first.version else 0
    return other == Outcome(first.status, first.reason, version, first.received)


def make_statement(
    signer: Signer,
    request: bytes,
    time_ms: int,
    receipts: tuple[Sequence[Receipt], Sequence[ReceiptSubject]],
    heads: tuple[Sequence[Head], Sequence[HeadSubject]],
) -> Proof:
    """Sign everything the server says about a request."""
    statement = Statement(time_ms, list(receipts[0]), list(heads[0]))
    context = make_context(receipts[1], heads[1])
    return sign_statement(signer, request, statement, context)


def head_for(index: int, want: Want, version: int, subject: HeadSubject) -> Head:
    """The head for a want; the digest is left out when the reader must have the same."""
    same = want.top == version and not want.gaps and not want.explain
    return Head(index, min(version, VERSION_MAX), b"" if same else subject.digest)

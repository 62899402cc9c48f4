"""One case in full: the thread, the dates, and what officers hold of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from client.services.office.asked import Conflict, Folder, OfficeNote, Rival
from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.likely import SHOWN_MAX
from client.services.office.likeness import Likeness
from client.services.types import AppealView
from shared_schema.records.appeal import Registered, StatusSet
from shared_schema.records.desk import JournalCard, Value
from shared_schema.sync.hlc import milliseconds


class Held(NamedTuple):
    """What there is of a case beside the case itself."""

    thread: AppealView
    card: JournalCard
    alike: Iterable[Likeness]


class Folders:
    """Puts folders together.

    Args:
        find: the case of a record (hex), if there is one.
        name: what a device is called among officers.
    """

    def __init__(
        self, clock: Clock, find: Callable[[str], Case | None], name: Callable[[bytes], str]
    ) -> None:
        self._clock = clock
        self._find = find
        self._name = name

    def folder(self, case: Case, held: Held, now_ms: int) -> Folder:
        """The folder of a case."""
        supporters = tuple(found for each in case.supporters if (found := self._find(each)))
        return Folder(
            case=case,
            thread=held.thread,
            state=self._clock.state(case, now_ms),
            deadlines=self._clock.deadlines(case),
            notes=tuple(self._notes(held.card)),
            conflicts=tuple(self._conflicts(held.card)),
            supporters=supporters,
            merged_into=self._find(case.merged_into) if case.merged_into else None,
            duplicates=tuple(self._duplicates(case, held.alike))[:SHOWN_MAX],
            legal_from_ms=_legal_from(case, supporters),
        )

    def _notes(self, card: JournalCard) -> Iterator[OfficeNote]:
        for note in card.notes:
            yield OfficeNote(milliseconds(note.time), self._name(note.device), note.text)

    def _conflicts(self, card: JournalCard) -> Iterator[Conflict]:
        for field in card.conflicts:
            heads = getattr(card, field).heads
            yield Conflict(field, tuple(map(self._rival, heads)))

    def _rival(self, head: Value[Any]) -> Rival:
        by, at = self._name(head.device), milliseconds(head.time)
        return Rival(head.id.hex(), _said(head.value), by, at)

    def _duplicates(self, case: Case, alike: Iterable[Likeness]) -> Iterator[tuple[Case, Likeness]]:
        """Those that are not tied to it already, and go on themselves."""
        tied = {case.record, case.merged_into, *case.supporters}
        for likeness in alike:
            other = self._find(likeness.record)
            if other is not None and other.record not in tied and not other.merged_into:
                yield other, likeness


def _said(value: Any) -> str:
    """A rival's value in a word: a number, a status, a name, a record."""
    if isinstance(value, Registered):
        return value.number
    return value.status if isinstance(value, StatusSet) else str(value)


def _legal_from(case: Case, supporters: Iterable[Case]) -> int:
    """Where the law counts from; where it counts nothing, the earliest receipt."""
    if case.legal_from_ms is not None:
        return case.legal_from_ms
    return min(each.received_at_ms for each in (case, *supporters))

"""Likely duplicates of a case: the same matter that somebody else has written about already.

Only a hint to a person: nothing is merged here. What makes two cases alike is in `likeness`. The
index answers within milliseconds among 100,000 cases: it is divided by category and fortnight and
finds candidates by place. A text is a signature there, a bit for each stem; those that share most
bits are compared exactly. Of thousands of alike cases it shows some, which is enough.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import Final

from client.services.office.case import Case
from client.services.office.likeness import Asked, Entry, Key, Likeness, entry_of

EXAMINED_MAX: Final = 32
"""So many candidates are compared exactly: of the near ones, and of the whole district."""


class _Shelf:
    """Entries of one key, and their signatures beside them, to be gone through at once."""

    __slots__ = ("entries", "signatures")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.signatures: list[int] = []

    def add(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.signatures.append(entry.signature)

    def remove(self, entry: Entry) -> None:
        at = self.entries.index(entry)
        del self.entries[at], self.signatures[at]

    def promising(self, mine: int) -> list[Entry]:
        """Those that share most with a signature; what has just the same is among them."""
        if len(self.entries) <= EXAMINED_MAX:
            return self.entries
        shared = [(each & mine).bit_count() for each in self.signatures]
        worst = _threshold(shared)
        surely = [at for at, count in enumerate(shared) if count > worst]
        ties = [at for at, count in enumerate(shared) if count == worst]
        copies = (at for at in ties if self.signatures[at] == mine)
        best = dict.fromkeys(islice(chain(surely, copies, ties), 2 * EXAMINED_MAX))
        return [self.entries[at] for at in islice(best, EXAMINED_MAX)]


def _threshold(shared: list[int]) -> int:
    """The count that at least `EXAMINED_MAX` reach."""
    reached = 0
    for count, many in sorted(Counter(shared).items(), reverse=True):
        reached += many
        if reached >= EXAMINED_MAX:
            return count
    return 0


_Block = defaultdict[Key, _Shelf]


class DuplicateIndex:
    """All cases that may be somebody's duplicate. What is merged already the caller leaves out."""

    def __init__(self, cases: Iterable[Case] = ()) -> None:
        self._entries: dict[str, Entry] = {}
        self._blocks: dict[tuple[str, int], _Block] = {}
        for case in cases:
            self.add(case)

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, case: Case) -> None:
        """Take a case in; one that is there already is replaced."""
        self.remove(case.record)
        entry = self._entries[case.record] = entry_of(case)
        block = self._blocks.get(entry.block)
        if block is None:
            block = self._blocks[entry.block] = defaultdict(_Shelf)
        for key in entry.shelves():
            block[key].add(entry)

    def remove(self, record: str) -> None:
        """Forget a case; one that is not there is no error."""
        entry = self._entries.pop(record, None)
        if entry is not None:
            block = self._blocks[entry.block]
            for key in entry.shelves():
                block[key].remove(entry)

    def likely(self, case: Case, limit: int = 5) -> list[Likeness]:
        """Cases that this one may be a duplicate of, the most alike first; never itself.

        The case need not be in the index.
        """
        entry = entry_of(case)
        category, fortnight = entry.block
        found: dict[Entry, None] = {}
        for period in (fortnight, fortnight - 1, fortnight + 1):
            block = self._blocks.get((category, period))
            if block is not None:
                found.update(dict.fromkeys(_candidates(block, entry)))
        return _ranked(entry, found, limit)


def _candidates(block: _Block, entry: Entry) -> Iterator[Entry]:
    """The most promising of a block: of those close by, and of the district."""
    close = _Shelf()
    shelves = (block[key] for key in entry.around() if key in block)
    for each in dict.fromkeys(
        each for shelf in shelves for each in shelf.promising(entry.signature)
    ):
        close.add(each)
    yield from close.promising(entry.signature)
    area = ("area", entry.area)
    if area in block:
        yield from block[area].promising(entry.signature)


def _ranked(entry: Entry, found: Iterable[Entry], limit: int) -> list[Likeness]:
    asked = Asked(entry)
    alike = (asked.compare(each) for each in found if each.record != entry.record)
    real = [each for each in alike if each is not None]
    return sorted(real, key=lambda each: (-each.score, each.record))[:limit]

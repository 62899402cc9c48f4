"""Likely duplicates among all cases, looked for only where an officer looks.

An index of everything would take seconds and a hundred megabytes. A case is compared with those of
its category and its fortnight, so only those are indexed, when first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from client.services.office.case import Case
from client.services.office.duplicates import DuplicateIndex
from client.services.office.likeness import FAR_APART_MS, Likeness

Block = tuple[str, int]
SHOWN_MAX: Final = 5
_ASKED_FOR: Final = 4 * SHOWN_MAX
"""More than are shown, because some of them may be merged already."""


class Likely:
    """Follows the cases that `update` tells of, as far as they have been indexed."""

    def __init__(self, every: Callable[[], Iterable[Case]]) -> None:
        self._every = every
        self._index = DuplicateIndex()
        self._indexed: set[Block] = set()

    def forget(self) -> None:
        """Begin anew: all cases may have changed."""
        self._index = DuplicateIndex()
        self._indexed = set()

    def update(self, record: str, case: Case | None) -> None:
        """Take a case as it is now; None for one that is none any more."""
        self._index.remove(record)
        if case is not None and _block(case) in self._indexed:
            self._index.add(case)

    def of(self, case: Case) -> list[Likeness]:
        """Cases that this one may be a duplicate of, the most alike first."""
        category, fortnight = _block(case)
        near = {(category, fortnight + step) for step in (-1, 0, 1)}
        lacking = near - self._indexed
        if lacking:
            for each in self._every():
                if each.category == category and _block(each) in lacking:
                    self._index.add(each)
            self._indexed |= lacking
        return self._index.likely(case, _ASKED_FOR)


def _block(case: Case) -> Block:
    return case.category, case.received_at_ms // FAR_APART_MS

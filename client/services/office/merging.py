"""Who is merged into whom, and what a case has from those that were merged into it.

Nobody is forgotten: the case that goes on keeps all supporters, also those of its supporters, and
the earliest date from which the law counts. Desks apart may merge two cases into each other; then
the older one goes on, on every replica alike. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from client.services.office.case import Case


class Merges:
    """The merges among records (hex), each way."""

    def __init__(self) -> None:
        self._into: dict[str, str] = {}
        self._from: defaultdict[str, set[str]] = defaultdict(set)

    def put(self, record: str, into: str) -> None:
        """Note into what a record is merged; empty for nothing."""
        before = self._into.pop(record, "")
        if before:
            self._from[before].discard(record)
            if not self._from[before]:
                del self._from[before]
        if into:
            self._into[record] = into
            self._from[into].add(record)

    def tied(self, record: str) -> bool:
        """Whether it is merged into something, or something into it."""
        return record in self._into or record in self._from

    def family(self, record: str) -> set[str]:
        """All records that are tied to this one by merges, and it itself."""
        found, left = {record}, [record]
        while left:
            each = left.pop()
            near = {*self._from.get(each, ()), self._into.get(each, each)} - found
            found |= near
            left.extend(near)
        return found


def linked(family: Mapping[str, Case]) -> dict[str, Case]:
    """The cases of a whole family, each with what it has from the others.

    Args:
        family: the cases as their own acts make them, by record.
    """
    into = {record: case.merged_into for record, case in family.items()}
    for loop in _loops(into):
        into[min(loop, key=lambda record: _age(family[record]))] = ""
    near: defaultdict[str, list[str]] = defaultdict(list)
    for record, target in into.items():
        near[target].append(record)
    return {
        record: _with(case, into[record], [family[each] for each in _below(record, near)])
        for record, case in family.items()
    }


def _loops(into: Mapping[str, str]) -> list[list[str]]:
    """Those that are merged into each other in a circle."""
    seen: set[str] = set()
    loops = []
    for start in into:
        path: dict[str, None] = {}
        record = start
        while record in into and record not in seen:
            seen.add(record)
            path[record] = None
            record = into[record]
        if record in path:
            walked = list(path)
            loops.append(walked[walked.index(record) :])
    return loops


def _below(record: str, near: Mapping[str, list[str]]) -> list[str]:
    found: list[str] = []
    left = list(near.get(record, ()))
    while left:
        each = left.pop()
        found.append(each)
        left.extend(near.get(each, ()))
    return found


def _with(case: Case, into: str, supporters: list[Case]) -> Case:
    if not supporters and into == case.merged_into:
        return case
    waiting = [each for each in supporters if not each.withdrawn]
    counted = waiting if case.withdrawn else [case, *waiting]
    terms = [each.received_at_ms for each in counted if each.lane == "appeal"]
    return replace(
        case,
        merged_into=into,
        supporters=tuple(each.record for each in sorted(supporters, key=_age)),
        waiting=len(waiting),
        earliest_ms=min(terms, default=None),
    )


def _age(case: Case) -> tuple[int, str]:
    return case.received_at_ms, case.record

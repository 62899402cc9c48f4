"""Merged cases: nobody is forgotten, the earliest date holds, and circles end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from client.services.office.case import Case
from client.services.office.clock import Clock
from client.services.office.merging import Merges, linked
from client.services.office.workdays import load_workdays
from tests.client.office.cases import KYIV, made, ms

CLOCK = Clock(KYIV, load_workdays())
REGISTERED: dict[str, Any] = {"status": "registered", "number": "1"}


def link(*cases: Case) -> dict[str, Case]:
    return linked({case.record: case for case in cases})


def test_the_case_that_goes_on_keeps_every_supporter_and_the_earliest_date() -> None:
    early = made("early", received="2026-02-01 10:00", merged_into="mid")
    middle = made("mid", received="2026-02-20 10:00", merged_into="main")
    late = made("late", received="2026-03-10 10:00", merged_into="main")
    cases = link(made("main", received="2026-03-02 10:00", **REGISTERED), early, middle, late)
    main = cases["main"]
    assert main.supporters == ("early", "mid", "late")
    assert main.legal_from_ms == early.received_at_ms
    assert cases["mid"].supporters == ("early",)
    assert not any(cases[each].open for each in ("early", "mid", "late"))
    assert CLOCK.state(main, ms("2026-03-04 10:00")) == "overdue", "a month from the first of them"
    alone = made("main", received="2026-03-02 10:00", **REGISTERED)
    assert CLOCK.state(alone, ms("2026-03-04 10:00")) == "ok"


def test_two_that_are_merged_into_each_other_leave_the_older_one_open() -> None:
    older = made("b", received="2026-03-01 10:00", merged_into="a")
    newer = made("a", received="2026-03-02 10:00", merged_into="b")
    third = made("c", received="2026-03-03 10:00", merged_into="a")
    cases = link(newer, third, older)
    assert [record for record, case in cases.items() if case.open] == ["b"]
    assert cases["b"].supporters == ("a", "c")
    assert cases["a"].merged_into == "b"


def test_a_case_merged_into_itself_or_into_one_that_is_not_here_hurts_nobody() -> None:
    assert link(made("a", merged_into="a"))["a"].open
    gone = made("a", merged_into="elsewhere")
    assert link(gone) == {"a": gone}


def test_a_supporter_waits_on_when_the_author_of_the_main_case_withdraws() -> None:
    main = made("main", received="2026-01-02 10:00", withdrawn=True, **REGISTERED)
    supporter = made("other", received="2026-03-02 10:00", merged_into="main")
    case = link(main, supporter)["main"]
    assert case.open
    assert case.legal_from_ms == supporter.received_at_ms, "who has withdrawn waits for nothing"
    assert CLOCK.state(case, ms("2026-03-20 10:00")) == "ok"
    both = link(main, made("other", merged_into="main", withdrawn=True))["main"]
    assert not both.open


def test_an_appeal_that_is_merged_into_a_signal_keeps_its_terms() -> None:
    signal = made("s", lane="signal", received="2026-01-01 10:00", **REGISTERED)
    appeal = made("a", received="2026-03-02 10:00", merged_into="s")
    case = link(signal, appeal)["s"]
    assert case.legal_from_ms == appeal.received_at_ms, "the law does not count from a signal"
    assert CLOCK.state(case, ms("2026-05-01 10:00")) == "overdue"
    assert link(signal)["s"].legal_from_ms is None


MERGES = st.lists(st.tuples(st.integers(0, 7), st.integers(-1, 8)), max_size=20)


def name(number: int) -> str:
    return f"r{number}" if number >= 0 else ""


@given(MERGES, st.permutations(range(8)))
@settings(max_examples=300)
def test_every_circle_ends_and_everybody_is_somewhere(
    merges: list[tuple[int, int]], order: Sequence[int]
) -> None:
    into = {name(record): name(target) for record, target in merges}
    cases = [
        made(name(n), received_at_ms=10**12 + n % 3, merged_into=into.get(name(n), ""))
        for n in order
    ]
    result = link(*cases)
    assert result == link(*reversed(cases)), "the same on every replica"
    for record, case in result.items():
        seen = [record]
        while case.merged_into in result:
            case = result[case.merged_into]
            assert case.record not in seen
            seen.append(case.record)
        for below, above in pairwise(seen):
            assert below in result[above].supporters
        assert set(seen[:-1]) <= set(result[seen[-1]].supporters)


@given(MERGES, st.integers(0, 8))
def test_a_family_is_all_that_merges_tie_together(merges: list[tuple[int, int]], at: int) -> None:
    known, into = Merges(), dict[str, str]()
    for record, target in merges:
        known.put(name(record), name(target))
        into[name(record)] = name(target)
    family = {name(at)}
    for _ in range(20):
        for record, to in into.items():
            if to and (record in family or to in family):
                family |= {record, to}
    assert known.family(name(at)) == family
    assert known.tied(name(at)) is (len(family) > 1 or into.get(name(at)) == name(at))

"""The quarterly report adds up, and counts what came in the quarter by Kyiv's clock; no signal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from client.services.office.clock import Clock
from client.services.office.labels import labels
from client.services.office.quarterly import RESULTS, Quarter, quarterly, result
from client.services.office.tables import Table
from client.services.office.workdays import load_workdays
from tests.client.office.cases import KYIV, made, many, ms

CLOCK = Clock(KYIV, load_workdays())
UK = labels("uk")
NOW = ms("2026-04-10 12:00")
FIRST = Quarter(2026, 1)

CASES = [
    made("a", received="2026-01-01 00:00", marks=("primary",), kind="complaint"),
    made("b", received="2026-03-31 23:59", marks=("repeat",), collective=12),
    made(
        "c", received="2026-02-02 10:00", status="answered", answered_at_ms=ms("2026-02-20 10:00")
    ),
    made(
        "d", received="2026-02-03 10:00", status="returned", answered_at_ms=ms("2026-02-09 10:00")
    ),
    made("e", received="2026-02-04 10:00", forwarded_at_ms=ms("2026-02-06 10:00"), privileged=True),
    made("f", received="2026-02-05 10:00", withdrawn=True, extended=True),
    made("g", received="2026-02-06 10:00", merged_into="a", marks=("duplicate", "mass")),
    made("h", received="2026-02-07 10:00", kind="", category="", classifier="0101"),
    made("signal", received="2026-02-07 10:00", lane="signal", kind=""),
    made("before", received="2025-12-31 23:59"),
    made("after", received="2026-04-01 00:00"),
]


def counts(table: Table) -> dict[str, int]:
    return {str(row[2]): int(str(row[3])) for row in table.rows if row[3] is not None}


def sections(table: Table) -> Iterator[tuple[str, int]]:
    """Each section's heading, and what its lines add up to."""
    name, total = "", 0
    for place, row in enumerate(table.rows):
        if place in table.headings:
            yield name, total
            name, total = str(row[2]), 0
        else:
            total += int(str(row[3]))
    yield name, total


def test_a_quarter_is_kyivs_and_a_signal_is_no_appeal() -> None:
    found = counts(quarterly(CASES, FIRST, NOW, CLOCK, UK))
    assert found[UK("quarterly.total")] == 8
    assert found[UK("quarterly.people")] == 19
    assert found[UK("quarterly.first")] == 1
    assert found[UK("quarterly.extended")] == 1
    assert found[UK("quarterly.channel.app")] == 8
    assert found[UK("quarterly.channel.reception")] == 0
    assert found[UK("quarterly.subject.many")] == 1
    assert found["Первинне"] == 1
    assert found["Дублетне"] == found["Масове"] == 1
    assert found["Скарга"] == 1
    assert found[UK("quarterly.kind.none")] == 1
    assert found["Вуличне освітлення"] == 7
    assert found["0101"] == 1


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("a", "pending"), ("c", "answered"), ("d", "returned"), ("e", "forwarded"),
        ("f", "withdrawn"), ("g", "merged"),
    ],
)  # fmt: skip
def test_every_case_has_one_result(record: str, expected: str) -> None:
    assert result(next(case for case in CASES if case.record == record)) == expected
    assert expected in RESULTS


@pytest.mark.parametrize("language", ["uk", "en"])
def test_every_section_adds_up_to_the_whole(language: str) -> None:
    names = labels(language)
    table = quarterly(many(3_000), Quarter(2026, 3), ms("2026-11-01 12:00"), CLOCK, names)
    total = counts(table)[names("quarterly.total")]
    assert total > 300
    once = {names(f"quarterly.{key}") for key in ("channel", "sign", "kind", "subject", "result")}
    sums = dict(sections(table))
    assert {name: sums[name] for name in once} == dict.fromkeys(once, total)
    assert sums[names("quarterly.category")] == total
    assert sums[names("quarterly.term")] == total


def test_terms_are_as_the_clock_says() -> None:
    found = counts(quarterly(CASES, FIRST, NOW, CLOCK, UK))
    assert found[UK("quarterly.term.done_in_time")] == 3
    assert found[UK("quarterly.term.none")] == 2
    assert found[UK("quarterly.term.overdue")] == 3  # nobody entered them in the journal


def test_a_code_of_a_newer_peer_gets_a_line() -> None:
    table = quarterly([made(marks=("renewed",))], FIRST, NOW, CLOCK, UK)
    assert counts(table)["renewed"] == 1


def test_an_empty_quarter_is_a_report_all_the_same() -> None:
    table = quarterly([], Quarter(2030, 4), NOW, CLOCK, UK)
    assert counts(table)[UK("quarterly.total")] == 0
    assert all(len(row) == len(table.header) for row in table.rows)
    assert "2030" in table.title


def test_lines_are_numbered_without_gaps() -> None:
    table = quarterly(CASES, FIRST, NOW, CLOCK, UK)
    numbers = [row[0] for row in table.rows if row[0] != ""]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("quarter", [Quarter(2026, 0), Quarter(2026, 5), Quarter(9999, 4)])
def test_there_is_no_fifth_quarter(quarter: Quarter) -> None:
    with pytest.raises(ValueError):
        quarterly([], quarter, NOW, CLOCK, UK)


def test_both_languages_have_the_same_words() -> None:
    assert labels("uk").entries.keys() == labels("en").entries.keys()
    assert all(UK.entries.values())
    assert UK.category("never heard of") == "never heard of"

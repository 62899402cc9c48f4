"""`misto desk report`, `journal`, `audit`, `open311`: figures, files, proof, open data."""

from __future__ import annotations

import csv
import json
import re
import signal
import sqlite3
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from openpyxl import load_workbook

from client.services.office import reporting
from tests.client.city import City
from tests.client.office.queue import lively
from tests.misto.support import HOST, Here, command, environment, free_port

REPORT_KEYS = {
    "from", "until", "made_at_ms", "received", "open", "overdue", "done", "in_time",
    "in_time_percent", "appeals", "signals", "inflow", "ages", "categories", "districts", "load",
}  # fmt: skip
DURATION_KEYS = {"registration", "answer", "count", "median_ms", "p90_ms"}
ENTRY_KEYS = {
    "version", "standing", "received_at_ms", "made_at_ms", "device", "seq", "who", "role", "kind",
    "record", "said", "opened", "counts",
}  # fmt: skip
PROOF_KEYS = {"scope", "held", "streams", "version", "signed_at_ms", "proven", "findings"}
PUBLIC_KEYS = {"lanes", "categories", "seen_only", "with_position", "requests"}
SPAN = ("--from", "2026-09-01", "--until", "2026-09-30")
"""The month of `START_MS`."""


@pytest.fixture
def records(tmp_path: Path) -> list[str]:
    return lively(City(tmp_path), appeals=4)


@pytest.fixture
def desk(tmp_path: Path, records: list[str]) -> Path:
    return tmp_path / "city" / "profiles" / "desk"


def rows_of(file: Path) -> list[list[str]]:
    return list(csv.reader(file.read_text("utf-8-sig").splitlines()))


def test_figures(misto: Here, desk: Path) -> None:
    found = misto("desk", "report", "--profile", desk, *SPAN, "--json").json
    assert set(found) == REPORT_KEYS
    assert (found["from"], found["until"]) == ("2026-09-01", "2026-09-30")
    assert (found["received"], found["open"]) == (4, 4)
    assert found["appeals"]["registration"] == {
        "count": 1, "median_ms": 10_800_000, "p90_ms": 10_800_000,
    }  # fmt: skip
    assert sum(each["appeals"] for each in found["inflow"]) == 4
    assert [each["name"] for each in found["categories"]] == ["water"]
    assert len(found["load"]) == 30
    text = misto("desk", "report", "--profile", desk, *SPAN).out
    assert re.search(r"received\s+4\n", text)
    assert "registered in 3 h (90 % within 3 h, 1)" in text
    assert "water" in text


def test_this_month_quarter_and_year_end_today(misto: Here, desk: Path) -> None:
    for period in ("month", "quarter", "year"):
        found = misto("desk", "report", "--profile", desk, "--period", period, "--json").json
        assert found["inflow"][0]["day"] == found["from"]
        assert found["inflow"][-1]["day"] == found["until"]
    none = misto("desk", "report", "--profile", desk, *SPAN, "--queue", "other", "--json").json
    assert none["received"] == 0


def test_the_quarterly_report(misto: Here, desk: Path, tmp_path: Path) -> None:
    at = ("desk", "report", "--profile", desk, "--quarter", "2026-3")
    found = misto(*at, "--json").json
    assert set(found) == {"title", "header", "rows"}
    assert found["title"] == "Звіт про розгляд звернень громадян, 3 квартал 2026 року"
    assert found["rows"][0][2:4] == ["Усього надійшло звернень", 4]
    assert misto(*at, "--language", "en", "--json").json["header"][2] == "Indicator"
    assert "Усього надійшло звернень" in misto(*at).out
    files = tmp_path / "q.csv", tmp_path / "q.xlsx"
    done = misto(*at, "--csv", files[0], "--xlsx", files[1])
    assert done.out.count("written: ") == 2
    assert "not encrypted" not in done.out
    rows = rows_of(files[0])
    assert rows[1][3] == "4"
    sheet = load_workbook(files[1]).active
    assert sheet is not None
    assert sheet["D2"].value == 4


def test_the_journal_is_for_its_owner_alone(misto: Here, desk: Path, tmp_path: Path) -> None:
    at = ("desk", "journal", "--profile", desk)
    found = misto(*at, "--json").json
    assert [row[1] for row in found["rows"]] == ["ЗВ-000001", "", "", ""]
    file = tmp_path / "journal.csv"
    done = misto(*at, "--csv", file)
    assert "not encrypted" in done.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(rows_of(file)) == 5


def test_without_what_writes_spreadsheets(
    misto: Here, desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "find_spec", lambda name: None)
    done = misto("desk", "journal", "--profile", desk, "--xlsx", tmp_path / "a.xlsx")
    done.assert_one_clear_line("XlsxWriter", "--csv")
    assert not (tmp_path / "a.xlsx").exists()


def test_the_audit(misto: Here, desk: Path, records: list[str]) -> None:
    at = ("desk", "audit", "--profile", desk)
    found = misto(*at, "--oldest", "--json").json
    assert set(found) == {"scope", "total", "offset", "entries", "proof"}
    assert (found["scope"], found["total"], found["proof"]) == ("queue/general", 9, None)
    assert all(set(each) == ENTRY_KEYS for each in found["entries"])
    assert [each["version"] for each in found["entries"]] == list(range(1, 10))
    page = misto(*at, "--oldest", "--limit", 2, "--offset", 4, "--json").json
    assert page["entries"] == found["entries"][4:6]
    assert [each["kind"] for each in found["entries"][4:6]] == ["desk.registered", "desk.assigned"]
    registered = misto(*at, "--kind", "desk.registered", "--json").json["entries"]
    assert [each["said"] for each in registered] == ["№ ЗВ-000001"]
    thread = misto(*at, "--record", records[0][:8], "--json").json
    assert thread["total"] == misto(*at, "--record", "ЗВ-000001", "--json").json["total"] == 6
    assert misto(*at, "--who", "-", "--json").json["total"] == 4
    assert misto(*at, *SPAN, "--json").json["total"] == 9
    assert misto(*at, "--from", "2026-10-01", "--json").json["total"] == 0
    news = misto(*at, "--scope", "news", "--json").json["entries"]
    assert [each["said"] for each in news] == ["Підвіз води"]
    text = misto(*at).out
    assert "1–9 of 9 in queue/general" in text
    assert "desk.replied" in text


def test_what_is_proven(misto: Here, desk: Path) -> None:
    at = ("desk", "audit", "--profile", desk, "--prove")
    done = misto(*at, "--json")
    proof = done.json["proof"]
    assert set(proof) == PROOF_KEYS
    assert (proof["proven"], proof["version"], proof["findings"]) == (True, 9, [])
    assert "proven: complete and unaltered up to 9" in misto(*at).out
    with sqlite3.connect(desk / "replica.db") as database:
        database.execute("DELETE FROM changes WHERE kind = 515")
    database.close()
    done = misto(*at, "--json")
    assert done.status == 1
    proof = json.loads(done.out)["proof"]
    assert (proof["proven"], proof["version"]) == (False, None)
    assert {each["code"] for each in proof["findings"] if each["grave"]} >= {"missing", "digest"}
    text = misto(*at).out
    assert "NOT AS IT WAS SIGNED" in text
    assert "! missing: 1 (#9)" in text


def test_an_audit_as_a_file(misto: Here, desk: Path, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    done = misto("desk", "audit", "--profile", desk, "--oldest", "--csv", file)
    assert "not encrypted" in done.out
    rows = rows_of(file)
    assert [row[0] for row in rows[1:]] == [str(n) for n in range(1, 10)]


def test_open_data_is_chosen_and_exported(misto: Here, desk: Path, tmp_path: Path) -> None:
    at = ("desk", "open311")
    shown = misto(*at, "show", "--profile", desk, "--json").json
    assert set(shown) == PUBLIC_KEYS
    assert (shown["lanes"], shown["requests"]) == (["signal"], 0)
    assert "danger" not in shown["categories"]
    chosen = misto(
        *at, "choose", "--profile", desk, "--lane", "appeal", "--category", "water",
        "--unseen-too", "--no-position", "--json",
    ).json  # fmt: skip
    assert chosen == {
        "lanes": ["appeal"], "categories": ["water"], "seen_only": False, "with_position": False,
        "requests": 4,
    }  # fmt: skip
    files = misto(*at, "export", "--profile", desk, "--to", tmp_path / "open", "--json").json
    assert [Path(each).name for each in files] == [
        "services.json", "requests.json", "services.xml", "requests.xml",
    ]  # fmt: skip
    requests = json.loads((tmp_path / "open" / "requests.json").read_text("utf-8"))
    assert len(requests) == 4
    assert {each["lat"] for each in requests} == {None}
    assert misto(*at, "choose", "--profile", desk, "--default", "--json").json == shown
    assert "public now  0" in misto(*at, "show", "--profile", desk).out


@pytest.fixture
def endpoint(misto: Here, desk: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """`open311 serve` as a process of its own."""
    misto("desk", "open311", "choose", "--profile", desk, "--lane", "appeal", "--unseen-too")
    port = free_port()
    serve = command("desk", "open311", "serve", "--profile", desk, "--port", port)
    process = subprocess.Popen(serve, env=environment(), stderr=subprocess.PIPE, text=True)
    try:
        yield f"http://{HOST}:{port}", process
    finally:
        process.kill()
        process.communicate(timeout=10)


def fetched(url: str) -> list[dict[str, object]]:
    with urlopen(url, timeout=10) as reply:
        found: list[dict[str, object]] = json.load(reply)
        return found


def test_open_data_is_served_until_it_is_stopped(
    misto: Here, desk: Path, endpoint: tuple[str, subprocess.Popen[str]]
) -> None:
    address, process = endpoint
    assert process.stderr is not None
    assert f"{address}/requests.json" in process.stderr.readline()
    assert len(fetched(f"{address}/requests.json?start_date=2026-09-01T00:00:00Z")) == 4
    misto("desk", "open311", "choose", "--profile", desk, "--category", "roads")
    deadline = time.monotonic() + 30
    while fetched(f"{address}/requests.json?start_date=2026-09-01T00:00:00Z"):
        assert time.monotonic() < deadline, "another process's choice does not show"
        time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 0
    with pytest.raises(URLError):
        fetched(f"{address}/services.json")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "--period", "week"), ("--period", "quarter")),
        (("report", "--until", "2026-09-01"), ("--from",)),
        (("report", "--from", "1.9.2026"), ("--from", "2026-11-24")),
        (("report", "--from", "2026-09-02", "--until", "2026-09-01"), ("no period",)),
        (("report", "--from", "1990-01-01"), ("no period",)),
        (("report", "--quarter", "2026-5"), ("--quarter", "2026-4")),
        (("report", "--csv", "a.csv"), ("--quarter",)),
        (("report", "--utility", "wine"), ("--utility",)),
        (("journal", "--language", "fr"), ("--language", "uk")),
        (("audit", "--scope", "queue/other"), ("filter", "queue/other")),
        (("audit", "--record", "ЗВ-999999"), ("filter", "ЗВ-999999")),
        (("audit", "--kind", "desk.slept"), ("filter", "desk.slept")),
        (("audit", "--from", "учора"), ("--from",)),
        (("open311", "export", "--to", "x", "--format", "csv"), ("--format",)),
        (("open311", "choose", "--lane", "all"), ("--lane", "signal")),
        (("open311", "choose", "--category", "wine"), ("--category", "water")),
    ],
)
def test_what_was_not_understood_is_said(
    misto: Here, desk: Path, words: tuple[str, ...], said: tuple[str, ...]
) -> None:
    misto("desk", *words, "--profile", desk).assert_one_clear_line(*said)


@pytest.mark.parametrize("words", [("report",), ("journal",), ("audit",), ("open311", "show")])
def test_a_resident_is_told_that_it_is_no_desk(
    misto: Here, resident: Path, words: tuple[str, ...]
) -> None:
    misto("desk", *words, "--profile", resident).assert_one_clear_line("role")


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (("report",), (REPORT_KEYS | DURATION_KEYS | {"title", "header", "rows"})),
        (("journal",), {"title", "header", "rows"}),
        (("audit",), ENTRY_KEYS | PROOF_KEYS | {"total", "offset", "entries", "proof"}),
        (("open311", "show"), PUBLIC_KEYS),
    ],
)
def test_help_names_every_key(misto: Here, command: tuple[str, ...], keys: set[str]) -> None:
    promised = set(re.findall(r"\w+", misto("desk", *command, "--help").out.partition("JSON:")[2]))
    assert keys - promised == set()

"""The catalogues: the same keys in both languages, every key of the code there, right plurals."""

from __future__ import annotations

import ast
import json
import re
import string
from collections.abc import Iterable, Iterator
from datetime import UTC
from pathlib import Path
from typing import get_args

import pytest

from client.i18n import LANGUAGES, plural, words
from client.i18n.dates import DAY_MS, HOUR_MS, MINUTE_MS, ago, moment, zone_named
from client.services.interchange.cap_words import Action
from client.services.interchange.problems import CODES
from client.services.nearby import DIRECTIONS
from client.services.office.audit_types import FindingCode, Role, Standing
from client.services.office.periods import PERIODS
from client.services.prefs import Theme
from client.services.rounds.types import MARKS, Lack
from client.services.scanning.scanner import Kind
from client.services.types import APPEAL_STATES, PartState
from client.services.volunteers import InvitedState, MemberState
from client.viewmodels.appeals import SHOWS
from client.viewmodels.base import NOTICES
from client.viewmodels.collect import QUESTIONS
from client.viewmodels.gate import PHASES
from client.viewmodels.newsroom import SECTIONS
from client.viewmodels.phone import Shared, Why
from client.viewmodels.reports.room import PAGES
from client.viewmodels.write import FIELDS, IDENTIFIED, REQUIRED
from client.views.gate import SCREENS
from client.views.witness import NAMED, STEPS
from shared_schema.records.appeal import (
    APPEAL_KINDS,
    CATEGORIES,
    EXTENDED,
    FORWARDED,
    LANES,
    STATUSES,
)
from shared_schema.records.hours import DAYS
from shared_schema.records.kinds import BY_NUMBER
from shared_schema.records.legal import TERMS
from shared_schema.records.news import PRIORITIES
from shared_schema.records.outage import UTILITIES, Supply
from shared_schema.records.place import CONDITIONS, SORTS
from shared_schema.sync.statement import Reason
from tests.client.ui import desk_words

CLIENT = Path(__file__).resolve().parents[3] / "client"
UK, EN = words("uk"), words("en")
KEY = re.compile(r"[a-z]+(\.[a-z_A-Z]+)+")
OWN_PARTS = [
    kind.name.removeprefix("appeal.")
    for kind in BY_NUMBER.values()
    if kind.name.startswith("appeal.") and kind.name != "appeal.opened"
]
FAMILIES: dict[str, Iterable[str]] = {
    **desk_words.FAMILIES,
    "act.": [kind.name.replace(".", "_") for kind in BY_NUMBER.values()],
    "appeals.show_": SHOWS,
    "beside.shared_": get_args(Shared),
    "category.": CATEGORIES,
    "check.": [f"{field}_empty" for field in (*REQUIRED, *IDENTIFIED)],
    "collect.": [field for field in QUESTIONS if field != "district"],
    "direction.": ["", *DIRECTIONS],
    "exception.": ("off", "on"),
    "field.": [field for field in FIELDS if field not in ("category", "district")],
    "files.cap_": get_args(Action),
    "gate.": [*SCREENS, *(f"{phase}_hint" for phase in SCREENS), "locked", "locked_hint"],
    "hours.": DAYS,
    "kind.": APPEAL_KINDS,
    "lane.": [*LANES, *(f"{lane}_hint" for lane in LANES)],
    "legal.": [term.kind for term in TERMS if term.kind != "simple"],
    "log.": ["record", "start", "end"],
    "log.bad_": ("record", "days"),
    "log.found_": get_args(FindingCode),
    "log.role_": [role for role in get_args(Role) if role != "sender"],
    "log.scope_": ("news", "trust"),
    "log.standing_": get_args(Standing),
    "split.do_": STEPS,
    "split.feed_": (*NAMED, "queue"),
    "opendata.": ("host", "port", "requests", "services"),
    "opendata.bad_": ("address", "port", "taken"),
    "newsroom.": [
        "publish_title", "correct_title", "publish", "save_correction",
        "title", "text", "topic", "hours", "until",
    ],
    "newsroom.column_": [
        "name", "address", "hours", "condition", "confirmed", "queue", "day", "streets", "term",
    ],
    "newsroom.is_": CONDITIONS,
    "newsroom.section_": SECTIONS,
    "outages.how_": ("chosen", "address", "district"),
    "part.": OWN_PARTS,
    "part_state.": get_args(PartState),
    "place.": SORTS,
    "places.from_": ("street", "district", "device"),
    "places.report_": [f"{said}{end}" for said in ("closed", "empty")
                       for end in ("", "_title", "_text")],
    "priority.": PRIORITIES,
    "problem.": CODES,
    "reason.": [reason.name.lower() for reason in Reason if reason is not Reason.OK],
    "reports.": [
        *PERIODS, "from", "until", "what", "received", "open", "overdue", "answered", "in_time",
        "median", "median_answer", "ninety_answer", "appeals", "signals",
    ],
    "reports.chart_": ("inflow", "ages", "times", "load", "categories", "districts"),
    "reports.page_": PAGES,
    "reports.save_": ("csv", "xlsx"),
    "round.lack_": get_args(Lack),
    "round.mark_": [mark for mark in MARKS if mark],
    "round.member_": get_args(MemberState),
    "scan.is_": get_args(Kind),
    "scan.off_": get_args(Why),
    "settings.theme_": get_args(Theme),
    "size.": ("mb", "kb"),
    "state.": [*APPEAL_STATES, EXTENDED, FORWARDED],
    "supply.": get_args(Supply),
    "utility.": UTILITIES,
    "volunteers.state_": get_args(InvitedState),
    "weekform.": DAYS,
    "write.readers_": LANES,
}  # fmt: skip
"""What the code puts behind the beginning of a key, exactly: more would be texts nobody reads."""


def keys_in_code() -> Iterator[tuple[str, bool]]:
    """Each key in a string of the client, and whether it is only the beginning of one."""
    groups = {key.split(".")[0] for key in UK.entries}
    for path in sorted(CLIENT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        pieces = {
            id(piece)
            for node in ast.walk(tree)
            if isinstance(node, ast.JoinedStr)
            for piece in node.values
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                start = str(node.values[0].value)
                if start.split(".")[0] in groups and "." in start:
                    yield start, True
            elif (
                isinstance(node, ast.Constant)
                and id(node) not in pieces
                and isinstance(node.value, str)
                and KEY.fullmatch(node.value)
                and node.value.split(".")[0] in groups
            ):
                yield node.value, False


def test_both_languages_say_the_same_things() -> None:
    assert UK.entries.keys() == EN.entries.keys()


@pytest.mark.parametrize("language", LANGUAGES)
def test_plurals_have_every_form_that_the_language_needs(language: str) -> None:
    needed = {plural(language, n) for n in range(200)}
    entries = words(language).entries
    counted = {key for key, entry in entries.items() if isinstance(entry, dict)}
    assert {key for key in counted if set(entries[key]) != needed} == set()
    assert counted == {key for key, entry in EN.entries.items() if isinstance(entry, dict)}


def test_both_languages_take_the_same_values() -> None:
    def fields(entry: object) -> set[str]:
        texts = entry.values() if isinstance(entry, dict) else [str(entry)]
        return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}

    differing = {k for k in UK.entries if fields(UK.entries[k]) != fields(EN.entries[k])}
    assert differing == set()


def test_every_key_of_the_code_exists() -> None:
    found = list(keys_in_code())
    assert len(found) > 100
    missing = {
        key
        for key, is_start in found
        if not (any(k.startswith(key) for k in UK.entries) if is_start else UK.has(key))
    }
    assert missing == set()


def test_every_text_is_used() -> None:
    used = {key for key, is_start in keys_in_code() if not is_start}
    # `f"{key}_hint"` and `f"{key}_since"` go with a text of their own.
    used |= {f"{key}{end}" for key in ("news.empty", "news.not_found") for end in ("", "_hint")}
    used |= {f"{key}_since" for key in ("sync.offline", "sync.trouble")}
    used |= {f"{key}_title" for key in ("reports.private", "collect.print_open")}
    used |= {f"{start}{code}" for start, codes in FAMILIES.items() for code in codes}
    assert UK.entries.keys() - used == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_a_name(family: str) -> None:
    assert {code for code in FAMILIES[family] if not UK.has(f"{family}{code}")} == set()


def test_every_beginning_of_a_key_has_its_codes() -> None:
    assert {key for key, is_start in keys_in_code() if is_start} == FAMILIES.keys()


@pytest.mark.parametrize("condition", [each for each in CONDITIONS if each != "open"])
def test_every_condition_of_a_place_has_a_name(condition: str) -> None:
    assert UK.has(f"condition.{condition}")


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_of_the_desk_is_a_state_on_the_screen(status: str) -> None:
    assert status in APPEAL_STATES


def test_every_error_that_has_a_notice_has_its_words() -> None:
    assert {key for key in NOTICES.values() if not UK.has(key)} == set()


@pytest.mark.parametrize("phase", sorted({*PHASES.values(), "failed"} - {"locked"}))
def test_every_way_in_that_is_barred_says_what_to_do(phase: str) -> None:
    assert UK.has(f"gate.{phase}")
    assert UK.has(f"gate.{phase}_hint")


def test_no_english_text_was_left_in_ukrainian() -> None:
    texts = {key: json.dumps(entry, ensure_ascii=False) for key, entry in EN.entries.items()}
    assert {key for key, text in texts.items() if re.search("[а-яіїєґ]", text, re.I)} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_says_nothing(language: str) -> None:
    entries = words(language).entries
    texts = {key: [*entry.values()] if isinstance(entry, dict) else [entry]
             for key, entry in entries.items()}  # fmt: skip
    empty = {key for key, forms in texts.items() if not all(form.strip() for form in forms)}
    assert empty <= {"direction."}, "a place without a position has no direction"


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"),
     (14, "many"), (21, "one"), (22, "few"), (25, "many"), (101, "one"), (111, "many")],
)  # fmt: skip
def test_ukrainian_counts(n: int, form: str) -> None:
    assert plural("uk", n) == form


@pytest.mark.parametrize(
    ("age_ms", "text"),
    [
        (0, "щойно"),
        (3 * MINUTE_MS, "3 хв тому"),
        (2 * HOUR_MS, "2 год тому"),
        (DAY_MS, "1 день тому"),
        (3 * DAY_MS, "3 дні тому"),
        (6 * DAY_MS, "6 днів тому"),
        (10 * DAY_MS, "10 бер, 12:00"),
        (-2 * DAY_MS, "22 бер, 12:00"),
        (400 * DAY_MS, "13 лют 2025, 12:00"),
    ],
)
def test_ages(age_ms: int, text: str) -> None:
    now = 1_774_008_000_000  # 20 March 2026, 12:00 UTC
    assert ago(UK, now - age_ms, now, UTC) == text


def test_a_moment_is_shown_in_the_city_s_time() -> None:
    now = 1_774_008_000_000
    assert moment(EN, now - HOUR_MS, now, zone_named("Europe/Kyiv")) == "13:00"
    assert moment(EN, 2**62, now, UTC) == "2 Apr 9987, 17:46"
    assert zone_named("Nowhere/Never") is UTC

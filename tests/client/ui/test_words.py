"""The catalogues: the same keys in both languages, every key of the code there, right plurals."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from client.i18n import LANGUAGES, plural, words
from client.i18n.dates import DAY_MS, HOUR_MS, MINUTE_MS, ago, moment, zone_named
from client.services.types import APPEAL_STATES
from shared_schema.records.appeal import APPEAL_KINDS, CATEGORIES, LANES
from shared_schema.records.news import PRIORITIES
from shared_schema.sync.statement import Reason

CLIENT = Path(__file__).resolve().parents[3] / "client"
UK, EN = words("uk"), words("en")
KEY = re.compile(r"[a-z]+(\.[a-z_A-Z]+)+")
FAMILIES = {
    "state": APPEAL_STATES,
    "lane": LANES,
    "kind": APPEAL_KINDS,
    "category": CATEGORIES,
    "priority": PRIORITIES,
    "reason": [reason.name.lower() for reason in Reason if reason is not Reason.OK],
}


def keys_in_code() -> Iterator[tuple[str, bool]]:
    """Each key in a string of the client, and whether it is only the beginning of one."""
    groups = {key.split(".")[0] for key in UK.entries}
    for path in sorted(CLIENT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                start = str(node.values[0].value)
                if start.split(".")[0] in groups and "." in start:
                    yield start, True
            elif (
                isinstance(node, ast.Constant)
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
    whole = {key for key, is_start in keys_in_code() if not is_start}
    starts = tuple(key for key, is_start in keys_in_code() if is_start)
    # `f"{key}_hint"` and `f"{key}_since"` go with a text of their own.
    whole |= {f"{key}{end}" for key in whole for end in ("_hint", "_since")}
    assert {key for key in UK.entries if key not in whole and not key.startswith(starts)} == set()


@pytest.mark.parametrize("family", FAMILIES)
def test_every_code_has_a_name(family: str) -> None:
    assert {code for code in FAMILIES[family] if not UK.has(f"{family}.{code}")} == set()


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

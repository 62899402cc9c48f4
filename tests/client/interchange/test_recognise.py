"""A file is known by what stands in it, whatever it is called."""

from __future__ import annotations

import ast
import contextlib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange import problems
from client.services.interchange.problems import CODES, Unreadable
from client.services.interchange.recognise import Format, format_of

FOLDER = Path(problems.__file__).parent
CAP = b'<?xml version="1.0"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>'
RSS = b"<rss version='2.0'><channel/></rss>"
PLACES = "Назва;Вид;Адреса\nБювет;Вода;Садова".encode()
WEEKS = "Послуга;Черга;Пн;Вт;Ср;Чт;Пт;Сб;Нд\nСвітло;1;є;є;є;є;є;є;є".encode()
MAKERS = {"Problem", "Unreadable", "_warn", "wrong", "_expect"}


@pytest.mark.parametrize(
    ("raw", "known"),
    [
        (CAP, "cap"),
        (b"\xef\xbb\xbf" + CAP, "cap"),
        (RSS, "feed"),
        (RSS.decode().encode("utf-16"), "feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "feed"),
        (b' \n{"type": "FeatureCollection", "features": []}', "places_geojson"),
        (PLACES, "places_csv"),
        (PLACES.decode().encode("utf-16"), "places_csv"),
        (PLACES.decode().replace(";", ",").encode("windows-1251"), "places_csv"),
        (WEEKS, "schedules_csv"),
    ],
)
def test_a_file_is_known_by_its_beginning(raw: bytes, known: Format) -> None:
    assert format_of(raw) == known


@pytest.mark.parametrize(
    ("raw", "code"),
    [(b"", "empty"), (b" \n", "empty"), ("Привіт".encode(), "not_known"),
     (b"\x89PNG\0", "not_text"), (b"<alert", "xml_broken"),
     ("Назва;Адреса\nБювет;Садова".encode(), "not_known")],
)  # fmt: skip
def test_what_is_none_of_them_says_why(raw: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as raised:
        format_of(raw)
    assert raised.value.code == code


@given(st.binary(max_size=200))
def test_no_file_breaks_it(raw: bytes) -> None:
    with contextlib.suppress(Unreadable):
        assert format_of(raw) in get_args(Format)


def codes_in_code() -> set[str]:
    """Every code that the package can say: the first argument of what makes a problem."""
    found: set[str] = set()
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in MAKERS:
                    found |= {
                        each.value
                        for each in ast.walk(node.args[0])
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    }
    return found - {""}


def test_every_problem_that_is_said_is_on_the_list() -> None:
    told_otherwise = {"not_text", "column_twice", "not_point", "cell_degrees"}
    assert codes_in_code() | told_otherwise == set(CODES)

"""Reading XML never expands, fetches, recurses or grows past its limits, whatever it is given."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.problems import Unreadable
from client.services.interchange.texts import clean, plain_of_html
from client.services.interchange.xml_in import XmlLimits, parse_xml, text_of
from tests.client.interchange.hostile import HOSTILE_XML


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_is_refused_by_name(name: str) -> None:
    raw, code = HOSTILE_XML[name]
    with pytest.raises(Unreadable) as caught:
        parse_xml(raw)
    assert caught.value.code == code


@given(st.binary(max_size=300))
def test_no_bytes_bring_down_the_reader(raw: bytes) -> None:
    with suppress(Unreadable):
        assert parse_xml(raw).tag


def test_limits_are_the_most_that_is_allowed_not_one_less() -> None:
    raw = b"<a><b x='1'/><c/></a>"
    limits = XmlLimits(bytes=len(raw), depth=2, elements=3, attributes=1)
    assert len(parse_xml(raw, limits)) == 2
    for name, most in limits._asdict().items():
        with pytest.raises(Unreadable):
            parse_xml(raw, limits._replace(**{name: most - 1}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1251", "koi8-u", "iso-8859-5"])
def test_ukrainian_is_read_in_the_alphabets_in_use(encoding: str) -> None:
    raw = f'<?xml version="1.0" encoding="{encoding}"?><a><b>Укриття</b></a>'.encode(encoding)
    assert text_of(parse_xml(raw), "b") == "Укриття"


@pytest.mark.parametrize(
    ("markup", "plain"),
    [
        ("<p>Воду дають.</p><p>З 14:00.</p>", "Воду дають.\n\nЗ 14:00."),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<SCRIPT>x</SCRIPT >b", "ab"),
        ("a<style>p{}</style>b", "ab"),
        ("a<script>never closed", "a"),
        ("a<!-- b -->c", "ac"),
        ("a<!-- b", "a"),
        ("a<?php b ?>c", "ac"),
        ("<ul><li>один<li>два</ul>", "• один\n• два"),
        ("5 < 6 &amp; 7 &gt; 6", "5 < 6 & 7 > 6"),
        ("&#x202e;назад", "назад"),
        ("&#0;&#55296;a", "\ufffd\ufffda"),
        ("<img src=x onerror=alert(1)>a", "a"),
        ("<b", ""),
        ("&lt;script&gt;", "<script>"),
    ],
)
def test_markup_leaves_its_text_and_nothing_that_runs(markup: str, plain: str) -> None:
    assert plain_of_html(markup) == plain


@pytest.mark.parametrize("evil", ["<", "<a", "<!--", "<script>", "<!", "&", "&#", "</", "<a '"])
def test_markup_takes_time_in_proportion_to_its_length(evil: str) -> None:
    """A quarter of a million pieces would take minutes if it were not so."""
    plain_of_html(evil * 250_000)


@given(st.text())
def test_a_clean_text_hides_and_turns_nothing_and_stays_clean(text: str) -> None:
    plain = clean(text)
    assert clean(plain) == plain
    assert not set(plain) & set("\0\x1b\r\u202e\u2066\ufeff")
    assert plain_of_html(text) == clean(plain_of_html(text))

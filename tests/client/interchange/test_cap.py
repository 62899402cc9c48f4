"""An alert says what the news item says: no more alarm, no less, and never to the wrong people."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given

from client.services.interchange.cap import (
    CapReference,
    CapSender,
    cap_of,
    cap_reference,
    news_view,
    read_cap,
)
from client.services.interchange.cap_words import CATEGORIES, Scale, category_of, priority_of
from client.services.interchange.texts import cut, one_line
from client.services.types import NewsView
from shared_schema.records.news import PRIORITIES, Published
from tests.client.interchange.strategies import KYIV, news

CITY = CapSender("misto@nadrichchia.example", "Надріччянська рада", "Надріччя", KYIV)
OCTOBER_MS = 1_790_848_800_000
"""1 October 2026, 13:00 in Kyiv."""
WATER = news_view(
    Published("Води не буде", "До 18:00 не вмикайте бойлер.", "Вода", "Затишшя", "urgent"),
    "ab" * 16,
    OCTOBER_MS,
)


@given(news)
def test_what_is_made_an_alert_reads_back_as_the_same_item(item: NewsView) -> None:
    (draft,) = read_cap(cap_of(item, CITY), CITY.area)
    wording = draft.wording
    assert wording is not None
    assert wording.title == one_line(item.title)
    assert wording.expires_at_ms == item.expires_at_ms - item.expires_at_ms % 1000 or (
        item.expires_at_ms < 1000 and wording.expires_at_ms == min(item.expires_at_ms, 1)
    )
    assert wording.district == (
        "" if one_line(item.district) == "Надріччя" else one_line(item.district)
    )
    if item.withdrawn:
        assert (draft.action, wording.priority) == ("withdraw", "normal")
        assert wording.text == (item.note or wording.title)
    else:
        assert draft.action == ("correct" if item.corrections else "publish")
        assert wording.priority == item.priority
        assert wording.text == item.text
    assert draft.for_the_public


@given(news)
def test_an_update_or_cancellation_names_the_message_it_replaces(item: NewsView) -> None:
    """Without it a receiver shows both, the wrong one too (CAP 1.2, 3.2.1, `msgType`)."""
    (draft,) = read_cap(cap_of(item, CITY))
    first = cap_reference(replace(item, corrections=0, withdrawn=False), CITY)
    assert draft.references == (() if draft.action == "publish" else (first,))
    assert draft.identifier != first.identifier or draft.action == "publish"


def test_every_state_of_an_item_is_a_message_of_its_own() -> None:
    states = [
        WATER,
        replace(WATER, corrections=1),
        replace(WATER, corrections=2),
        replace(WATER, corrections=2, withdrawn=True),
    ]
    references = [cap_reference(each, CITY) for each in states]
    assert len({each.identifier for each in references}) == len(states)
    (draft,) = read_cap(cap_of(states[3], CITY, earlier=references))
    assert draft.references == tuple(references[:3])


def test_a_drill_is_never_taken_for_news() -> None:
    (draft,) = read_cap(cap_of(WATER, CITY, "Exercise", note="Навчання «Осінь»"))
    assert not draft.for_the_public
    assert [problem.code for problem in draft.warnings] == ["cap_status"]


def test_a_withdrawal_repeats_neither_the_text_nor_the_alarm() -> None:
    raw = cap_of(replace(WATER, withdrawn=True, note="Хибне повідомлення"), CITY).decode()
    assert "бойлер" not in raw
    assert "<urgency>Past</urgency>" in raw
    assert "<description>Хибне повідомлення</description>" in raw


def test_times_have_an_offset_and_utc_is_written_as_cap_wants_it() -> None:
    assert "<sent>2026-10-01T13:00:00+03:00</sent>" in cap_of(WATER, CITY).decode()
    utc = replace(CITY, zone=UTC)
    assert "<sent>2026-10-01T10:00:00-00:00</sent>" in cap_of(WATER, utc).decode()


@pytest.mark.parametrize("sender", ["", "a b", "a,b", "a<b", "a&b", "a\nb", "a\u00a0b"])
def test_a_sender_that_would_break_references_is_refused(sender: str) -> None:
    with pytest.raises(ValueError):
        CapSender(sender, "", "Надріччя", KYIV)


@pytest.mark.parametrize("record", ["", "a b", "a,b", "<"])
def test_a_record_that_would_break_references_is_refused(record: str) -> None:
    with pytest.raises(ValueError):
        cap_of(replace(WATER, record=record), CITY)


def test_an_item_cannot_write_elements_of_its_own() -> None:
    evil = "</description><urgency>Immediate</urgency>&<![CDATA[ ]]>"
    (draft,) = read_cap(cap_of(replace(WATER, title=evil, text=evil, priority="normal"), CITY))
    assert draft.wording is not None
    assert (draft.wording.text, draft.wording.priority) == (evil, "normal")


@pytest.mark.parametrize(
    ("scale", "priority"),
    [
        (("Immediate", "Extreme", "Observed"), "urgent"),
        (("Immediate", "Severe", "Likely"), "urgent"),
        (("Immediate", "Severe", "Possible"), "important"),
        (("Future", "Extreme", "Likely"), "important"),
        (("Immediate", "Minor", "Likely"), "important"),
        (("Past", "Extreme", "Observed"), "normal"),
        (("Immediate", "Extreme", "Unlikely"), "normal"),
        (("Unknown", "Unknown", "Unknown"), "normal"),
        (("Future", "Minor", "Possible"), "normal"),
    ],
)
def test_an_alarm_is_as_loud_as_its_three_scales_together(
    scale: tuple[str, str, str], priority: str
) -> None:
    assert priority_of(Scale(*scale)) == priority
    assert priority in PRIORITIES


@pytest.mark.parametrize(
    ("topic", "category"),
    [("Вода", "Infra"), ("Відключення світла", "Infra"), ("Здоров’я", "Health"),
     ("Повітряна тривога", "Safety"), ("", "Other"), ("Свято міста", "Other")],
)  # fmt: skip
def test_a_topic_has_a_category_that_cap_knows(topic: str, category: str) -> None:
    assert category_of(topic) == category
    assert category in CATEGORIES


def test_a_reference_is_written_as_cap_wants_it() -> None:
    assert str(CapReference("s", "i", "t")) == "s,i,t"


def test_what_is_cut_says_so() -> None:
    assert cut("абвгд", 5) == "абвгд"
    assert cut("абвгде", 5) == "абвг…"

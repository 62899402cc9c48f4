"""Others' alerts: what cannot be carried over is named, what is not an alert is refused."""

from __future__ import annotations

import pytest

from client.services.interchange.cap import CapDraft, read_cap
from client.services.interchange.cap_words import NAMESPACE
from client.services.interchange.problems import Unreadable
from shared_schema.limits import TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.news import Published
from tests.client.interchange.hostile import HOSTILE_XML

INFO = (
    "<info><language>uk-UA</language><category>Met</category><event>Ожеледиця</event>"
    "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
    "<expires>2026-12-01T18:00:00+02:00</expires><headline>Слизько</headline>"
    "<description>Лишайтеся вдома.</description>"
    "<area><areaDesc>Затишшя</areaDesc></area></info>"
)


def alert(info: str = INFO, head: str = "") -> str:
    """An alert of the weather service."""
    return (
        f'<alert xmlns="{NAMESPACE}"><identifier>1</identifier><sender>meteo@example</sender>'
        "<sent>2026-12-01T08:00:00+03:00</sent><status>Actual</status><msgType>Alert</msgType>"
        f"<scope>Public</scope>{head}{info}</alert>"
    )


def read(text: str, area: str = "") -> CapDraft:
    (draft,) = read_cap(text.encode(), area)
    return draft


def said(draft: CapDraft) -> Published:
    assert draft.wording is not None
    return draft.wording


def codes(draft: CapDraft) -> list[tuple[str, str]]:
    return [(problem.code, problem.column) for problem in draft.warnings]


def test_an_alert_of_another_service_becomes_a_draft_without_warnings() -> None:
    draft = read(alert())
    assert draft.warnings == ()
    assert said(draft) == Published(
        "Слизько", "Лишайтеся вдома.", "Погода", "Затишшя", "urgent", 1_796_140_800_000
    )
    assert (draft.action, draft.identifier, draft.sender) == ("publish", "1", "meteo@example")


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_becomes_no_draft(name: str) -> None:
    with pytest.raises(Unreadable):
        read_cap(HOSTILE_XML[name][0])


@pytest.mark.parametrize(
    "raw",
    [
        "<alert/>",
        "<alert xmlns='urn:other'/>",
        f"<info xmlns='{NAMESPACE}'/>",
        "<feed xmlns='http://www.w3.org/2005/Atom'/>",
    ],
)
def test_what_is_no_alert_is_refused(raw: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_cap(raw.encode())
    assert caught.value.code == "not_cap"


@pytest.mark.parametrize(
    ("good", "other", "warning"),
    [
        ("<status>Actual", "<status>Exercise", ("cap_status", "status")),
        ("<status>Actual", "<status>Test", ("cap_status", "status")),
        ("<scope>Public", "<scope>Private", ("cap_scope", "scope")),
        ("<scope>Public", "<scope>Restricted", ("cap_scope", "scope")),
        ("<msgType>Alert", "<msgType>Ack", ("cap_type", "msgType")),
        ("2026-12-01T08:00:00+03:00", "tomorrow", ("cap_time", "sent")),
        ("2026-12-01T08:00:00+03:00", "2026-12-01T08:00:00", ("cap_time", "sent")),
        ("<identifier>1", "<identifier>1, 2", ("cap_token", "identifier")),
        ("<sender>meteo@example", "<sender>", ("cap_token", "sender")),
        ("<severity>Severe", "<severity>Awful", ("cap_word", "severity")),
        ("<category>Met", "<category>Weather", ("cap_word", "category")),
        ("2026-12-01T18:00:00+02:00", "2026-13-01T18:00:00+02:00", ("cap_time", "expires")),
        ("2026-12-01T18:00:00+02:00", "99999-01-01T00:00:00+02:00", ("cap_time", "expires")),
        ("uk-UA", "en-US", ("cap_language", "language")),
        ("<areaDesc>Затишшя</areaDesc>",
         "<areaDesc>Затишшя</areaDesc><polygon>1,2 3,4 5,6 1,2</polygon>",
         ("cap_not_taken", "polygon")),
        ("<headline>", "<responseType>Shelter</responseType><headline>",
         ("cap_not_taken", "responseType")),
        ("</area>", "</area><area><areaDesc>Поділ</areaDesc></area>", ("cap_areas", "area")),
        ("cap:1.2", "cap:1.1", ("cap_older", "alert")),
        ("<scope>Public</scope>", "<scope>Public</scope><references>a,b c</references>",
         ("cap_reference", "references")),
        ("</info>", "</info><Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>",
         ("cap_signature", "Signature")),
    ],
)  # fmt: skip
def test_what_was_not_understood_is_said(good: str, other: str, warning: tuple[str, str]) -> None:
    assert good in alert()
    draft = read(alert().replace(good, other))
    assert warning in codes(draft)
    assert codes(read(alert())) == []


def test_only_what_is_earnest_and_public_may_become_news() -> None:
    for good, other in (("Actual", "Exercise"), ("Actual", ""), ("Public", "Private")):
        assert not read(alert().replace(f">{good}<", f">{other}<")).for_the_public


def test_a_warning_for_several_districts_is_for_all_of_the_city() -> None:
    several = alert().replace("</area>", "</area><area><areaDesc>Поділ</areaDesc></area>")
    assert said(read(several)).district == ""


def test_a_warning_for_the_whole_city_is_for_no_district() -> None:
    assert said(read(alert(), "затишшя")).district == ""


def test_a_severity_that_is_unknown_does_not_raise_an_alarm() -> None:
    assert said(read(alert().replace(">Severe<", ">Awful<"))).priority == "important"


def test_an_expiry_long_past_does_not_become_never() -> None:
    old = alert().replace("2026-12-01T18:00:00+02:00", "1970-01-01T00:00:00+00:00")
    assert said(read(old)).expires_at_ms == 1


def test_the_ukrainian_words_are_taken_where_there_are_several() -> None:
    english = INFO.replace("uk-UA", "en-US").replace("Слизько", "Slippery")
    draft = read(alert(english + INFO))
    assert said(draft).title == "Слизько"
    assert codes(draft) == [("cap_not_taken", "language")]


def test_two_warnings_in_one_alert_are_two_drafts_each_with_its_own_doubts() -> None:
    odd = INFO.replace(">Severe<", ">Awful<")
    first, second = read_cap(alert(INFO + odd).encode())
    assert codes(first) == []
    assert codes(second) == [("cap_word", "severity")]


def test_a_cancellation_without_words_is_seen() -> None:
    cancel = alert("", "<references>meteo@example,0,2026-12-01T07:00:00+03:00</references>")
    draft = read(cancel.replace(">Alert<", ">Cancel<"))
    assert draft.wording is None
    assert draft.action == "withdraw"
    assert [each.identifier for each in draft.references] == ["0"]


def test_an_alert_without_any_words_has_a_title_to_be_found_by() -> None:
    draft = read(alert("<info/>"))
    assert said(draft).title == "1"
    assert ("cap_missing", "headline") in codes(draft)


def test_long_texts_are_cut_and_say_so() -> None:
    long = alert().replace("Слизько", "С" * 5_000).replace("Лишайтеся вдома.", "Л" * 50_000)
    draft = read(long)
    assert len(said(draft).title) == TITLE_CHARS_MAX
    assert len(said(draft).text) == TEXT_CHARS_MAX
    assert codes(draft) == [("cut", "headline"), ("cut", "description")]


def test_a_text_cannot_turn_the_direction_of_writing() -> None:
    assert said(read(alert().replace("Слизько", "\u202eСлизько\u2066"))).title == "Слизько"


def test_too_many_blocks_are_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        read_cap(alert(INFO * 33).encode())
    assert caught.value.code == "xml_many"

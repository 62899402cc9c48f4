"""Other newsrooms' feeds become drafts of plain text, whatever was put into them."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.services.interchange.feeds import ITEMS_MAX, Feed, FeedDraft, read_feed
from client.services.interchange.problems import Unreadable
from client.services.interchange.texts import clean
from shared_schema.limits import TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.kinds import encode_payload
from tests.client.interchange.hostile import HOSTILE_XML
from tests.client.interchange.strategies import anything

ITEM = (
    "<title>Воду &amp; світло дадуть</title><link>https://oblast.example/1</link>"
    "<description>&lt;p&gt;З &lt;b&gt;14:00&lt;/b&gt;.&lt;/p&gt;</description>"
    "<pubDate>Thu, 01 Oct 2026 13:00:00 +0300</pubDate><guid isPermaLink='false'>17</guid>"
)
ENTRY = (
    "<title type='html'>Воду &lt;i&gt;дадуть&lt;/i&gt;</title><id>urn:17</id>"
    "<link rel='self' href='https://oblast.example/self'/>"
    "<link href='https://oblast.example/1'/><updated>2026-10-02T10:00:00Z</updated>"
    "<published>2026-10-01T10:00:00Z</published>"
    "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>"
    "<p>З <b>14:00</b>.</p><script>alert(1)</script></div></content>"
)
OCTOBER_MS = 1_790_848_800_000


def rss(*items: str) -> bytes:
    inside = "".join(f"<item>{each}</item>" for each in items)
    return (
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Область</title>{inside}</channel></rss>"
    ).encode()


def atom(*entries: str) -> bytes:
    inside = "".join(f"<entry>{each}</entry>" for each in entries)
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Область</title>{inside}</feed>'
    ).encode()


def one(feed: Feed) -> FeedDraft:
    (draft,) = feed.drafts
    return draft


def codes(draft: FeedDraft) -> list[tuple[str, str]]:
    return [(problem.code, problem.column) for problem in draft.warnings]


def test_an_rss_item_is_plain_text_with_its_source_at_the_end() -> None:
    draft = one(read_feed(rss(ITEM)))
    assert draft.wording.title == "Воду & світло дадуть"
    assert draft.wording.text == "З 14:00.\n\nhttps://oblast.example/1"
    assert (draft.key, draft.published_ms, draft.warnings) == ("17", OCTOBER_MS, ())


def test_an_atom_entry_is_plain_text_and_runs_nothing() -> None:
    draft = one(read_feed(atom(ENTRY)))
    assert draft.wording.title == "Воду дадуть"
    assert draft.wording.text == "З 14:00.\n\nhttps://oblast.example/1"
    assert (draft.key, draft.published_ms, draft.warnings) == ("urn:17", OCTOBER_MS, ())


def test_an_entry_by_itself_is_a_feed_of_one() -> None:
    raw = f'<entry xmlns="http://www.w3.org/2005/Atom">{ENTRY}</entry>'.encode()
    assert one(read_feed(raw)) == one(read_feed(atom(ENTRY)))


def test_a_draft_is_of_no_urgency_and_no_district_of_its_own() -> None:
    """Who relays a feed decides how loud it is: a feed cannot ring anybody's phone."""
    wording = one(read_feed(rss(ITEM))).wording
    assert (wording.priority, wording.district, wording.expires_at_ms) == ("normal", "", 0)


@pytest.mark.parametrize("name", HOSTILE_XML)
def test_hostile_xml_becomes_no_draft(name: str) -> None:
    with pytest.raises(Unreadable):
        read_feed(HOSTILE_XML[name][0])


@pytest.mark.parametrize(
    "raw", [b"<html/>", b"<rss/>", b"<feed/>", b"<rdf:RDF xmlns:rdf='urn:x'/>", b"<alert/>"]
)
def test_what_is_no_feed_is_refused(raw: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        read_feed(raw)
    assert caught.value.code == "not_feed"


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "/news/1",
        "https://",
        "https://city.example@evil.example/",
        "https://a b.example/",
        "https://[evil/",
        "https://a.example/\u202ecod.exe",
        "https://a.example/" + "x" * 3_000,
    ],
)
def test_only_an_honest_web_address_is_a_source(link: str) -> None:
    item = ITEM.replace("https://oblast.example/1", escape(link))
    draft = one(read_feed(rss(item)))
    assert draft.link == ""
    assert draft.wording.text == "З 14:00."
    assert codes(draft) == [("feed_link", "link")]


@pytest.mark.parametrize(
    "date", ["", "завтра", "Thu, 99 Oct 2026 13:00:00 +0300", "1" * 10_000, "Thu, 01 Oct 1"]
)
def test_a_date_that_is_none_is_said(date: str) -> None:
    item = ITEM.replace("Thu, 01 Oct 2026 13:00:00 +0300", date)
    draft = one(read_feed(rss(item)))
    assert draft.published_ms is None
    assert codes(draft) == [("feed_time", "date")]


def test_long_texts_are_cut_with_their_source_left_whole() -> None:
    item = ITEM.replace("світло", "с" * 1_000).replace("14:00", "т" * 100_000)
    draft = one(read_feed(rss(item)))
    assert len(draft.wording.title) == TITLE_CHARS_MAX
    assert len(draft.wording.text) == TEXT_CHARS_MAX
    assert draft.wording.text.endswith("…\n\nhttps://oblast.example/1")
    assert codes(draft) == [("cut", "title"), ("cut", "text")]


def test_items_past_the_limit_are_counted_not_forgotten() -> None:
    feed = read_feed(rss(*[ITEM] * (ITEMS_MAX + 7)))
    assert (len(feed.drafts), feed.left_out) == (ITEMS_MAX, 7)


def test_the_whole_text_is_taken_where_there_is_a_summary_too() -> None:
    item = ITEM + "<content:encoded><![CDATA[<p>Усе.</p><p>Ще.</p>]]></content:encoded>"
    assert one(read_feed(rss(item))).wording.text.startswith("Усе.\n\nЩе.")


def test_an_item_without_a_title_has_its_first_line() -> None:
    draft = one(read_feed(rss("<description>Перше.&lt;br&gt;Друге.</description>")))
    assert draft.wording.title == "Перше."


def test_an_empty_item_is_no_news_and_says_so() -> None:
    draft = one(read_feed(rss("")))
    assert ("feed_empty", "title") in codes(draft)


@pytest.mark.parametrize("content", ["type='image/png'", "src='https://evil.example/x'"])
def test_a_picture_or_a_text_from_elsewhere_is_left_alone(content: str) -> None:
    entry = f"<title>Т</title><content {content}>AAAA</content><summary>Коротко</summary>"
    assert one(read_feed(atom(entry))).wording.text == "Коротко"


def test_a_feed_in_windows_1251_is_read() -> None:
    raw = b'<?xml version="1.0" encoding="windows-1251"?>' + rss(ITEM).decode().encode("cp1251")
    assert read_feed(raw).title == "Область"


@given(anything, anything, anything, st.booleans())
def test_any_item_makes_a_draft_that_misto_can_hold(
    title: str, text: str, link: str, html: bool
) -> None:
    """Whatever stands in the fields: it can be packed, and hides no control characters."""
    title, text, link = (escape(clean(each)) for each in (title, text, link))
    sort = "html" if html else "text"
    items = (
        rss(f"<title>{title}</title><description>{text}</description><link>{link}</link>"),
        atom(
            f"<title type='{sort}'>{title}</title><summary type='{sort}'>{text}</summary>"
            f"<link href='{link}'/>"
        ),
    )
    for raw in items:
        wording = one(read_feed(raw)).wording
        assert encode_payload(wording, sealed=False)
        assert wording.title
        assert clean(wording.text) == wording.text

"""Other newsrooms' feeds as drafts: RSS 2.0 and Atom 1.0 (RFC 4287).

Nothing here is published by itself: a person of the newsroom reads a draft and signs it, or not.
Only text comes in. Links, pictures and scripts inside of it do not; the source stands at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from client.services.interchange.problems import Problem, Unreadable, shown
from client.services.interchange.texts import clean, cut, one_line, plain_of_html
from client.services.interchange.times import mail_ms, stamp_ms
from client.services.interchange.xml_in import XmlLimits, local, parse_xml, text_of
from shared_schema.limits import TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.news import Published

LIMITS: Final = XmlLimits(bytes=4 * 1024 * 1024, depth=48, elements=50_000)
ITEMS_MAX: Final = 100
"""A feed has its newest first; what is past this is counted, not read."""
LINK_CHARS_MAX: Final = 2_000
ATOM: Final = "{http://www.w3.org/2005/Atom}"
_CONTENT: Final = "{http://purl.org/rss/1.0/modules/content/}encoded"


@dataclass(frozen=True, slots=True)
class FeedDraft:
    """One item of a feed, as the newsroom might say it. `key` is the same when it comes again."""

    wording: Published
    key: str
    link: str
    """Where it was published; empty when the feed gives no web address."""
    published_ms: int | None
    warnings: tuple[Problem, ...] = ()


class Feed(NamedTuple):
    """A feed that was read."""

    title: str
    drafts: tuple[FeedDraft, ...]
    left_out: int
    """How many items there were past the limit."""


class _Item(NamedTuple):
    """What both formats say of an item, still as they say it; `body` is plain already."""

    title: str
    body: str
    link: str
    key: str
    written: str
    moment: int | None


def read_feed(raw: bytes) -> Feed:
    """The drafts that a feed makes, in its order.

    Raises:
        Unreadable: it is neither RSS 2.0 nor Atom 1.0, or not safe to read (see `parse_xml`).
    """
    root = parse_xml(raw, LIMITS)
    if root.tag == "rss":
        channel = root.find("channel")
        if channel is None:
            raise Unreadable("not_feed", value="rss")
        items = channel.findall("item")
        drafts = [_draft(_of_rss(each)) for each in items[:ITEMS_MAX]]
        return _feed(text_of(channel, "title"), drafts, len(items))
    if root.tag in (ATOM + "feed", ATOM + "entry"):
        entries = root.findall(ATOM + "entry") if local(root) == "feed" else [root]
        drafts = [_draft(_of_atom(each)) for each in entries[:ITEMS_MAX]]
        return _feed(text_of(root, ATOM + "title"), drafts, len(entries))
    raise Unreadable("not_feed", value=root.tag)


def _feed(title: str, drafts: list[FeedDraft], found: int) -> Feed:
    plain = cut(one_line(plain_of_html(title)), TITLE_CHARS_MAX)
    return Feed(plain, tuple(drafts), max(found - ITEMS_MAX, 0))


def _draft(item: _Item) -> FeedDraft:
    """An item within Misto's limits, and what of it was lost."""
    warnings: list[Problem] = []
    link = _web(item.link)
    if item.link and not link:
        warnings.append(Problem("feed_link", column="link", value=shown(item.link)))
    if item.moment is None:
        warnings.append(Problem("feed_time", column="date", value=shown(item.written)))
    title = item.title or item.body.partition("\n")[0] or link
    if not title:
        warnings.append(Problem("feed_empty", column="title"))
    room = TEXT_CHARS_MAX - (len(link) + 2 if link else 0)
    for name, text, limit in (("title", title, TITLE_CHARS_MAX), ("text", item.body, room)):
        if len(text) > limit:
            warnings.append(Problem("cut", column=name, limit=limit))
    text = "\n\n".join(filter(None, (cut(item.body, room), link))) or title or "-"
    wording = Published(cut(title, TITLE_CHARS_MAX) or "-", text)
    return FeedDraft(wording, _key(item, link), link, item.moment, tuple(warnings))


def _of_rss(item: Element) -> _Item:
    """RSS 2.0, "Elements of <item>"; the whole text where `content:encoded` gives it."""
    guid = item.find("guid")
    key = text_of(item, "guid")
    permalink = guid is not None and guid.get("isPermaLink", "true") == "true"
    written = text_of(item, "pubDate")
    return _Item(
        title=_line(text_of(item, "title")),
        body=_plain(text_of(item, _CONTENT) or text_of(item, "description")),
        link=text_of(item, "link") or (key if permalink else ""),
        key=key,
        written=written,
        moment=mail_ms(written) if written else None,
    )


def _of_atom(entry: Element) -> _Item:
    """RFC 4287, 4.1.2."""
    written = text_of(entry, ATOM + "published") or text_of(entry, ATOM + "updated")
    return _Item(
        title=one_line(_construct(entry.find(ATOM + "title"))),
        body=_construct(entry.find(ATOM + "content")) or _construct(entry.find(ATOM + "summary")),
        link=_alternate(entry),
        key=text_of(entry, ATOM + "id"),
        written=written,
        moment=stamp_ms(written),
    )


def _construct(element: Element | None) -> str:
    """A text construct (3.1) or a content (4.1.3) as plain text; media and what is elsewhere not.

    The elements of `xhtml` are taken for their text; what a script holds there is none.
    """
    if element is None or element.get("src") is not None:
        return ""
    sort = element.get("type", "text").casefold()
    if sort in ("xhtml", "application/xhtml+xml"):
        return _plain(_markup(element))
    whole = "".join(element.itertext())
    if sort in ("html", "text/html"):
        return _plain(whole)
    if sort in ("text", "text/plain"):
        return clean(whole)
    return ""


def _markup(element: Element) -> str:
    """XHTML put back into tags without attributes, so that one function makes it plain."""
    parts = [_escaped(element.text)]
    for child in element:
        parts += [f"<{local(child)}>", _markup(child), f"</{local(child)}>", _escaped(child.tail)]
    return "".join(parts)


def _escaped(text: str | None) -> str:
    return (text or "").replace("&", "&amp;").replace("<", "&lt;")


def _alternate(entry: Element) -> str:
    """The address of the entry itself (4.2.7.2: a link without `rel` is `alternate`)."""
    for link in entry.findall(ATOM + "link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return link.get("href", "")
    return ""


def _plain(markup: str) -> str:
    return plain_of_html(markup)


def _line(markup: str) -> str:
    return one_line(_plain(markup))


def _web(link: str) -> str:
    """An address of the web as it is; empty for any other, such as `javascript:` or a relative one.

    Also empty for one that names a user: `https://city.example@evil.example` looks like the city.
    """
    address = link.strip()
    if len(address) > LINK_CHARS_MAX or not address.isprintable() or " " in address:
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    good = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    return address if good else ""


def _key(item: _Item, link: str) -> str:
    """What tells an item from the others of its feed: its own id, else its address, else title."""
    return cut(one_line(item.key) or link or item.title, LINK_CHARS_MAX)

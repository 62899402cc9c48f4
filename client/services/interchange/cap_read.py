"""Reading CAP alerts: what they would have the newsroom say, and all that was not understood.

Lenient in what is read, strict in what is claimed: whatever has no place in a news item is named
in a warning, and nothing is ever taken for genuine, as no signature is checked here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element

from client.services.interchange.cap_words import (
    ACTIONS,
    CATEGORIES,
    NAMESPACE,
    OLDER,
    TOPIC_OF,
    CapDraft,
    CapReference,
    Scale,
    category_of,
    is_token,
    priority_of,
)
from client.services.interchange.problems import Problem, Unreadable, shown
from client.services.interchange.texts import clean, cut, one_line
from client.services.interchange.times import stamp_ms
from client.services.interchange.xml_in import XmlLimits, local, parse_xml, space
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.news import Published

LIMITS: Final = XmlLimits(bytes=1024 * 1024, depth=16, elements=10_000)
INFOS_MAX: Final = 32
REFERENCES_MAX: Final = 64
_XMLDSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_LEFT_OUT: Final = ("restriction", "addresses", "incidents")
_INFO_LEFT_OUT: Final = (
    "responseType", "audience", "eventCode", "effective", "onset", "parameter", "resource",
)  # fmt: skip
_AREA_LEFT_OUT: Final = ("polygon", "circle", "geocode", "altitude", "ceiling")
_SCALE_WORDS: Final = {
    "urgency": ("Immediate", "Expected", "Future", "Past", "Unknown"),
    "severity": ("Extreme", "Severe", "Moderate", "Minor", "Unknown"),
    "certainty": ("Observed", "Likely", "Possible", "Unlikely", "Unknown"),
}


def read_cap(raw: bytes, area: str = "") -> list[CapDraft]:
    """The drafts that an alert makes: one for each `info` in Ukrainian, or else in its language.

    Args:
        area: the name of the whole city; an alert for it is for no district in particular.

    Raises:
        Unreadable: it is no CAP alert, or not safe to read (see `parse_xml`).
    """
    return _Alert(parse_xml(raw, LIMITS), area).drafts()


class _Alert:
    """One alert while it is read; warnings gather as it goes."""

    def __init__(self, root: Element, area: str) -> None:
        if local(root) != "alert" or space(root) not in (NAMESPACE, *OLDER):
            raise Unreadable("not_cap", value=root.tag)
        self._root = root
        self._area = one_line(area).casefold()
        self._space = space(root)
        self._warnings: list[Problem] = []
        self._references: tuple[CapReference, ...] = ()

    def drafts(self) -> list[CapDraft]:
        """What it asks for; at least one draft, so that a cancellation without words is seen."""
        self._envelope()
        shared = self._warnings
        made: list[CapDraft] = []
        for info in self._infos() or [None]:
            self._warnings = list(shared)
            wording = None if info is None else self._wording(info)
            made.append(self._draft(wording, tuple(dict.fromkeys(self._warnings))))
        return made

    def _draft(self, wording: Published | None, warnings: tuple[Problem, ...]) -> CapDraft:
        return CapDraft(
            wording=wording,
            action=ACTIONS.get(self._said(self._root, "msgType"), "none"),
            status=self._said(self._root, "status"),
            scope=self._said(self._root, "scope"),
            identifier=self._said(self._root, "identifier"),
            sender=self._said(self._root, "sender"),
            sent_ms=stamp_ms(self._said(self._root, "sent")),
            references=self._references,
            warnings=warnings,
        )

    def _envelope(self) -> None:
        """What 3.2.1 asks of every alert, and what a public news item cannot carry."""
        self._expect("cap_status", "status", ("Actual",))
        self._expect("cap_type", "msgType", tuple(ACTIONS))
        self._expect("cap_scope", "scope", ("Public",))
        for name in ("identifier", "sender"):
            if not is_token(self._said(self._root, name)):
                self._warn("cap_token", name, self._said(self._root, name))
        if stamp_ms(self._said(self._root, "sent")) is None:
            self._warn("cap_time", "sent", self._said(self._root, "sent"))
        self._ignored(self._root, _LEFT_OUT)
        self._references = tuple(self._earlier())
        if self._space != NAMESPACE:
            self._warn("cap_older", "alert", self._space)
        if any(space(child) == _XMLDSIG for child in self._root):
            self._warn("cap_signature", "Signature")

    def _infos(self) -> list[Element | None]:
        """The blocks in one language; the others say the same in theirs (3.2.2, `language`)."""
        found = self._children(self._root, "info")
        if len(found) > INFOS_MAX:
            raise Unreadable("xml_many", "info", limit=INFOS_MAX)
        tongues = [_language(self._said(info, "language")) for info in found]
        if not found:
            return []
        wanted = "uk" if "uk" in tongues else tongues[0]
        if wanted != "uk":
            self._warn("cap_language", "language", wanted)
        for other in dict.fromkeys(tongues):
            if other != wanted:
                self._warn("cap_not_taken", "language", other)
        return [info for info, tongue in zip(found, tongues, strict=True) if tongue == wanted]

    def _wording(self, info: Element) -> Published:
        self._ignored(info, _INFO_LEFT_OUT)
        title = self._said(info, "headline") or self._said(info, "event")
        if not title:
            self._warn("cap_missing", "headline")
            title = self._said(self._root, "identifier") or "CAP"
        return Published(
            title=self._fit(title, "headline", TITLE_CHARS_MAX),
            text=self._text(info) or self._fit(title, "headline", TITLE_CHARS_MAX),
            topic=self._topic(info),
            district=self._district(info),
            priority=priority_of(self._scale(info)),
            expires_at_ms=self._expiry(info),
        )

    def _text(self, info: Element) -> str:
        """What it is, what to do, and where to ask: description, instruction, web, contact."""
        parts = [clean(self._raw(info, name)) for name in ("description", "instruction")]
        parts += [self._said(info, name) for name in ("web", "contact")]
        return self._fit("\n\n".join(filter(None, parts)), "description", TEXT_CHARS_MAX)

    def _topic(self, info: Element) -> str:
        """The event where it is a topic Misto knows, else a word for the category."""
        event = self._said(info, "event")
        categories = [one_line(_all(child)) for child in self._children(info, "category")]
        for each in categories:
            if each not in CATEGORIES:
                self._warn("cap_word", "category", each)
        if category_of(event) != "Other" and len(event) <= SHORT_CHARS_MAX:
            return event
        return next((TOPIC_OF[each] for each in categories if TOPIC_OF.get(each)), "")

    def _district(self, info: Element) -> str:
        """The one area's name. Of several none is picked: a warning to too many people is safer."""
        areas = self._children(info, "area")
        for each in areas:
            self._ignored(each, _AREA_LEFT_OUT)
        named = [self._said(each, "areaDesc") for each in areas]
        districts = [name for name in dict.fromkeys(named) if name.casefold() != self._area]
        if len(districts) != len(dict.fromkeys(named)):
            return ""
        if len(districts) > 1:
            self._warn("cap_areas", "area", "; ".join(districts))
            return ""
        return self._fit(districts[0], "areaDesc", SHORT_CHARS_MAX) if districts else ""

    def _scale(self, info: Element) -> Scale:
        """The three scales; a word that CAP does not have counts as `Unknown`."""
        words = []
        for name, known in _SCALE_WORDS.items():
            word = self._said(info, name)
            if word not in known:
                self._warn("cap_word", name, word)
            words.append(word if word in known else "Unknown")
        return Scale(*words)

    def _expiry(self, info: Element) -> int:
        """0 only where nothing is said; of a date that is not understood the warning speaks."""
        written = self._said(info, "expires")
        if not written:
            return 0
        moment = stamp_ms(written)
        if moment is None:
            self._warn("cap_time", "expires", written)
            return 0
        return max(moment, 1)

    def _earlier(self) -> Iterator[CapReference]:
        for each in self._said(self._root, "references").split()[:REFERENCES_MAX]:
            parts = each.split(",")
            if len(parts) == 3 and all(parts):
                yield CapReference(*parts)
            else:
                self._warn("cap_reference", "references", each)

    def _expect(self, code: str, name: str, known: tuple[str, ...]) -> None:
        if self._said(self._root, name) not in known:
            self._warn(code, name, self._said(self._root, name))

    def _ignored(self, parent: Element, names: tuple[str, ...]) -> None:
        """Say what is there and has no place in a news item."""
        for name in names:
            if self._children(parent, name):
                self._warn("cap_not_taken", name, self._said(parent, name))

    def _fit(self, text: str, name: str, limit: int) -> str:
        if len(text) > limit:
            self._warnings.append(Problem("cut", column=name, limit=limit))
        return cut(text, limit)

    def _warn(self, code: str, name: str, value: str = "") -> None:
        self._warnings.append(Problem(code, column=name, value=shown(value)))

    def _children(self, parent: Element, name: str) -> list[Element]:
        return parent.findall(f"{{{self._space}}}{name}")

    def _raw(self, parent: Element, name: str) -> str:
        child = parent.find(f"{{{self._space}}}{name}")
        return "" if child is None else _all(child)

    def _said(self, parent: Element, name: str) -> str:
        return one_line(self._raw(parent, name))


def _all(element: Element) -> str:
    return "".join(element.itertext())


def _language(tag: str) -> str:
    """The language of an RFC 3066 tag; without one it is `en` (3.2.2, `language`)."""
    return tag.partition("-")[0].casefold() or "en"

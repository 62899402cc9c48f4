"""Other people's text made plain: no control characters, no markup, no more than there is room for.

All of it takes time in proportion to the text, whatever the text is: nothing here backtracks.
"""

from __future__ import annotations

import html
import re
from typing import Final

_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, but neither tab nor line break
    "\u2028\u2029\u202a-\u202e\u2066-\u2069"  # separators; what turns the direction of writing
    "\ufeff\ufffe\uffff\ud800-\udfff]"  # byte order marks, and what XML 1.0 (2.2) cannot carry
)
_BLOCKS: Final = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption",
    "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav",
    "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
))  # fmt: skip
_UNSEEN: Final = frozenset((
    "script", "style", "head", "title", "template", "noscript", "iframe", "svg", "object",
))  # fmt: skip
_TAG_NAME: Final = re.compile(r"[a-z][a-z0-9]*")
_TAG_NAME_CHARS_MAX: Final = 16
ELLIPSIS: Final = "…"


def clean(text: str) -> str:
    """Without control characters and what hides or turns text; line breaks are `\\n`.

    Directional overrides (Unicode TR 9) make a text read otherwise than it is stored.
    """
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def one_line(text: str) -> str:
    """Clean, and with single spaces."""
    return " ".join(clean(text).split())


def cut(text: str, limit: int) -> str:
    """At most so many characters; what was cut ends in an ellipsis, never silently."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS


def plain_of_html(markup: str) -> str:
    """The text that a page would show, with its paragraphs; for reading, not for fidelity.

    A tag ends at the first `>`: a `>` inside an attribute leaves rubbish for a person to see, and
    never markup, because nothing that shows the result takes it for markup.
    """
    lowered = markup.lower() if len(markup.lower()) == len(markup) else markup
    parts: list[str] = []
    at = 0
    while (start := markup.find("<", at)) >= 0:
        parts.append(html.unescape(markup[at:start]))
        at = _past(markup, lowered, start, parts)
    parts.append(html.unescape(markup[at:]))
    return _paragraphs("".join(parts))


def _past(markup: str, lowered: str, start: int, parts: list[str]) -> int:
    """Where the text goes on after the `<` at `start`; what it stands for is added to `parts`."""
    if markup.startswith("<!--", start):
        return _after(markup, "-->", start + 4)
    if markup[start + 1 : start + 2] in ("!", "?"):
        return _after(markup, ">", start)
    closing = markup.startswith("</", start)
    first = start + 1 + closing
    match = _TAG_NAME.match(lowered, first, first + _TAG_NAME_CHARS_MAX)
    if match is None:
        parts.append("<")
        return start + 1
    name = match[0]
    if name in _BLOCKS:
        parts.append("\n• " if name == "li" and not closing else "\n")
    end = _after(markup, ">", match.end())
    if name in _UNSEEN and not closing:
        return _after(markup, ">", _after(lowered, f"</{name}", end))
    return end


def _after(text: str, mark: str, start: int) -> int:
    """Behind the next mark, or the end: a search that fails is the last one."""
    found = text.find(mark, start)
    return len(text) if found < 0 else found + len(mark)


def _paragraphs(text: str) -> str:
    """Lines without spare spaces, and at most one empty line in a row."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    return "\n".join(kept).strip()

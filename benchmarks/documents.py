"""The documents that are measured: templated city documents and free Ukrainian prose.

`citydocs` is a deterministic generator whose grammar flatters batch compression by about 1.7 times;
the shipped dictionary was trained on other text. Bytes are therefore reported for free prose too:
the Ukrainian manual pages of Debian's `manpages-uk`, where that package is installed.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks import citydocs
from shared_schema.records.appeal import Opened
from shared_schema.records.news import Published

MANUAL_PAGES = Path("/usr/share/man/uk")
_MARKUP = re.compile(r"\\f.|\\[-&]|^[.'].*$", re.MULTILINE)


def appeals(count: int, first: int = 0) -> Iterator[Opened]:
    """Templated appeals: about 900 bytes of JSON each."""
    for index in range(first, first + count):
        document = citydocs.appeal(index)
        yield Opened(
            "signal",
            "",
            document["title"],
            document["body"],
            document["category"],
            document["address"],
        )


def news(count: int) -> Iterator[Published]:
    """Templated news: about 1.8 kB of JSON each."""
    for index in range(count):
        document = citydocs.news(index)
        yield Published(document["title"], document["body"], document["rubric"])


def prose_appeals(count: int) -> list[Opened]:
    """Appeals of free prose, as long as the templated ones; empty where there is no such text."""
    return [Opened("signal", "", text[:60], text) for text in _passages(count, 330)]


def prose_news(count: int) -> list[Published]:
    """News of free prose, as long as the templated ones; empty where there is no such text."""
    return [Published(text[:80], text) for text in _passages(count, 800)]


def _passages(count: int, chars: int) -> list[str]:
    words = " ".join(_paragraphs()).split(" ")
    found: list[str] = []
    passage = ""
    for word in words:
        passage = f"{passage} {word}" if passage else word
        if len(passage) >= chars:
            found.append(passage)
            passage = ""
            if len(found) == count:
                break
    return found


def _paragraphs() -> Iterator[str]:
    for path in sorted(MANUAL_PAGES.glob("man*/*.gz")):
        text = _MARKUP.sub("", gzip.decompress(path.read_bytes()).decode("utf-8", "ignore"))
        for line in text.splitlines():
            if len(re.findall("[а-яіїєґ]", line)) > 60:
                yield line.strip()

"""The printed slip holds all that the slip is, reads as a camera reads it, and loads nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from client.i18n import LANGUAGES, words
from client.services import qr
from client.services.doorstep.page import page_of
from shared_schema.crypto.slip import Slip, read_slip

CITY = b"c" * 16
SLIP = Slip(bytes(range(10)), CITY)


def body_of(page: str) -> ElementTree.Element:
    return ElementTree.fromstring(page[page.index("<body>") : page.index("</html>")])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_of_the_page_are_the_slip(language: str) -> None:
    page = page_of(SLIP, "Надріччя", words(language)).decode()
    assert f'lang="{language}"' in page
    items = ["".join(item.itertext()) for item in body_of(page).iter("li")]
    assert read_slip(" ".join(items), CITY) == SLIP
    assert [item.split(".")[0] for item in items] == [str(n) for n in range(1, 10)]
    for key in ("slip.title", "slip.use", "slip.keep", "slip.lost"):
        assert words(language)(key) in page


def test_its_code_is_the_slip_s_and_has_white_around_it() -> None:
    page = page_of(SLIP, "Надріччя", words("uk")).decode()
    drawn = re.search(r"<svg.*?</svg>", page)
    assert drawn
    assert drawn[0] == qr.drawn(
        SLIP.qr, "svg", xmldecl=False, omitsize=True, nl=False
    ).decode()  # fmt: skip


def test_it_loads_nothing_and_a_city_s_name_is_no_markup() -> None:
    page = page_of(SLIP, "<img src=//x>&", words("uk")).decode()
    assert "&lt;img src=//x&gt;&amp;" in page
    outside = page.replace("http://www.w3.org/2000/svg", "").replace("&lt;img src=//x&gt;", "")
    assert not re.search(r"http|src=|href=|url\(|@import|<script", outside)

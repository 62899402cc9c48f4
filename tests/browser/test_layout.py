"""The judge of layouts finds what is planted, and only that."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.browser.layout import Box, Node, faults, read, scrolled

WINDOW = (360, 740)
ROOT = Node(-1, "", "", False, Box(0, 0, *WINDOW))
LIST = Node(0, "", "", False, Box(0, 100, 360, 660), "y")


def text(parent: int, name: str, *box: float) -> Node:
    return Node(parent, name, "", False, Box(*box))


def target(parent: int, name: str, *box: float, key: str = "") -> Node:
    return Node(parent, name, key, True, Box(*box))


def test_a_sound_room_has_no_faults() -> None:
    sound = [
        ROOT,
        LIST,
        text(1, "Заголовок", 16, 120, 344, 150),
        target(1, "Картка", 16, 160, 344, 260),
        text(3, "всередині картки", 32, 170, 300, 190),
        target(0, "Новини", 72, 660, 144, 740),
    ]
    assert faults(sound, WINDOW) == []


@pytest.mark.parametrize("box", [(-20, 120, 200, 150), (300, 120, 420, 150)])
def test_what_sticks_out_of_the_window_is_found(box: tuple[float, ...]) -> None:
    (said,) = faults([ROOT, text(0, "Довгий рядок", *box)], WINDOW)
    assert said.startswith("sticks out sideways")
    assert "Довгий рядок" in said


def test_what_the_edge_of_the_window_cuts_in_a_list_is_found() -> None:
    """Flutter cuts the rectangle there, so it ends exactly at the edge."""
    (said,) = faults([ROOT, LIST, target(1, "Додати місце", 16, 200, 360, 248)], WINDOW)
    assert said.startswith("is cut at the side")


def test_a_row_that_scrolls_sideways_may_go_on() -> None:
    row = Node(1, "", "", False, Box(16, 110, 344, 158), "x")
    chips = [
        target(2, "Вода", 250, 110, 344, 158, key="filter-water"),
        target(2, "Світло", 352, 110, 440, 158),
    ]
    assert faults([ROOT, LIST, row, *chips], WINDOW) == []


def test_texts_that_lie_on_each_other_are_found() -> None:
    one, other = text(0, "Центр", 20, 40, 90, 60), text(0, "Надріччя", 16, 55, 200, 90)
    (said,) = faults([ROOT, one, other], WINDOW)
    assert said.startswith("lies on")
    assert "Центр" in said
    assert "Надріччя" in said


def test_touching_by_two_pixels_is_no_overlap() -> None:
    one, other = text(0, "Центр", 20, 40, 90, 62), text(0, "Надріччя", 16, 60, 200, 90)
    assert faults([ROOT, one, other], WINDOW) == []


def test_what_has_scrolled_under_a_bar_does_not_lie_on_it() -> None:
    under = text(1, "Під панеллю", 16, 640, 344, 720)
    bar = target(0, "Новини", 72, 660, 144, 740)
    assert faults([ROOT, LIST, under, bar], WINDOW) == []


def test_a_bar_over_what_does_not_scroll_is_found() -> None:
    under = text(0, "Під панеллю", 16, 640, 344, 720)
    bar = target(0, "Новини", 72, 660, 144, 740)
    assert [said[:7] for said in faults([ROOT, under, bar], WINDOW)] == ["lies on"]


def test_a_target_lower_than_a_thumb_is_found() -> None:
    (said,) = faults([ROOT, target(0, "Сигнал", 33, 300, 180, 340)], WINDOW)
    assert said == "too small for a thumb (147x40): Сигнал"


def test_a_target_narrower_than_a_thumb_is_found() -> None:
    (said,) = faults([ROOT, target(0, "Усі", 16, 300, 61, 348)], WINDOW)
    assert said == "too small for a thumb (45x48): Усі"


def test_half_a_target_at_the_edge_of_a_list_is_not_called_small() -> None:
    assert faults([ROOT, LIST, target(1, "Картка", 16, 640, 344, 660)], WINDOW) == []


def test_a_target_without_a_name_is_found() -> None:
    (said,) = faults([ROOT, target(0, "", 304, 12, 352, 60)], WINDOW)
    assert said.startswith("has no name")


def test_a_target_is_named_by_what_is_in_it() -> None:
    nodes = [ROOT, target(0, "", 16, 100, 344, 200), text(1, "Повернуто", 20, 110, 300, 130)]
    assert faults(nodes, WINDOW) == []


PAGE = """<flt-semantics-host>{}</flt-semantics-host><style>
* {{ margin: 0; position: absolute; font: 20px sans-serif }}
</style>"""
AT = '<flt-semantics id="flt-semantic-node-{}" role="{}" style="left:{}px;top:{}px;{}">{}</{}>'


def planted(at: int, role: str, place: tuple[int, int], look: str, inside: str = "") -> str:
    return AT.format(at, role, *place, look, inside, "flt-semantics")


@pytest.mark.browser
def test_planted_faults_are_found_on_a_page(browser: Browser) -> None:
    """As Flutter writes its tree: texts, a button, and a list with what is far down in it."""
    row = "width:200px;height:60px"
    far = planted(6, "", (20, 900), row, "Далеко") + planted(7, "", (30, 910), row, "Униз")
    page = browser.new_page(viewport={"width": WINDOW[0], "height": WINDOW[1]})
    page.set_content(
        PAGE.format(
            planted(1, "button", (16, 10), "width:147px;height:40px", "Сигнал")
            + planted(2, "", (250, 60), row, "Стирчить")
            + planted(3, "group", (0, 200), "width:360px;height:500px;overflow-y:scroll", far)
        )
    )
    assert [node.scrolls for node in read(page)] == ["", "", "y", "", ""]
    first = faults(read(page), WINDOW)
    assert [said.split(":")[0] for said in first] == [
        "sticks out sideways",
        "too small for a thumb (147x40)",
    ]
    (overlap,) = set(scrolled(page)) - set(first)
    assert overlap.startswith("lies on")
    assert "Далеко" in overlap

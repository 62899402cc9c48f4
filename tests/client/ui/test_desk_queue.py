"""The queue: views, filters, order, pages, and its first opening."""

from __future__ import annotations

import threading

import flet as ft
import pytest

from client.i18n.dates import zone_named
from client.services.office.asked import VIEWS, Query
from client.services.prefs import Preferences
from client.viewmodels.desk.filters import active, bound_ms, day_of, read_day, without
from tests.client.ui.desk_screens import ROLE, a_desk
from tests.client.ui.fake import FakeDevice
from tests.client.ui.fake_office import ME
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import DAY, HOUR, NOW, case
from tests.client.ui.tree import texts_in

pytestmark = pytest.mark.anyio
KYIV = zone_named("Europe/Kyiv")


def listed(screen: Window) -> list[str]:
    """The records on the page, in order."""
    return [name[7:] for name in screen.names() if name.startswith("appeal-")]


def button_text(screen: Window, name: str) -> str:
    """What a button says."""
    return " ".join(screen.said(name))


@pytest.mark.parametrize("width", [390, 1024, 1280])
async def test_what_is_open_comes_by_urgency_and_who_comes_first_by_law_first(width: int) -> None:
    async with window(a_desk(), width=width) as screen:
        assert listed(screen)[:3] == ["a3", "a1", "a2"]
        assert "a5" not in listed(screen), "what was returned is not open"
        assert "a6" not in listed(screen), "what was merged goes on elsewhere"
        spoken = next(c.label for c in screen.controls()
                      if getattr(c, "identifier", "") == "appeal-a3")  # fmt: skip
        assert spoken.startswith("Першочергове, ")
        assert "Є розбіжність" in spoken


async def test_each_view_says_how_many_it_has_and_shows_them() -> None:
    device = a_desk()
    device.office.assign(["a2"], ME)
    async with window(device, width=1280) as screen:
        counts = {view: int(button_text(screen, f"view-{view}").split()[-1]) for view in VIEWS}
        assert counts["mine"] == 1
        assert counts["conflicts"] == 1
        assert counts["all"] == len(device.office.cases)
        for view in VIEWS:
            await screen.click(f"view-{view}")
            assert len(listed(screen)) == counts[view], view
        await screen.click("view-mine")
        assert listed(screen) == ["a2"]
        await screen.click("view-returned")
        assert listed(screen) == ["a5"]


async def test_filters_narrow_show_as_chips_and_come_off_one_by_one() -> None:
    async with window(a_desk(), width=1280) as screen:
        assert not screen.has("filter-category"), "the bar is folded"
        await screen.click("queue-filters")
        await screen.choose("filter-category", "light")
        await screen.choose("filter-district", "Центр")
        assert len(listed(screen)) == 6
        assert button_text(screen, "filter-off-category") == "Тема: Вуличне освітлення"
        await screen.click("queue-filters")
        assert screen.has("filter-off-district"), "what narrows stays in sight"
        await screen.click("filter-off-category")
        assert len(listed(screen)) == 10
        assert not screen.has("filters-clear")
        await screen.click("filter-off-district")
        assert screen.app.queue.table.query == Query()


async def test_all_filters_come_off_at_once_and_the_search_is_empty_again() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.type("queue-search", "підвалі")
        await screen.until(lambda: listed(screen) == ["a2"])
        await screen.click("queue-filters")
        await screen.choose("filter-status", "new")
        await screen.type("filter-received_from_ms", "01.01.2026")
        await screen.click("filter-days")
        await screen.click("filters-clear")
        assert screen.field("queue-search") == ""
        assert screen.field("filter-received_from_ms") == ""
        assert len(listed(screen)) > 5


async def test_a_search_waits_for_a_pause_and_enter_does_not() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.event(screen.named("queue-search"), "change", value="підвалі")
        await screen.fire(screen.named("queue-search"), "submit")
        assert listed(screen) == ["a2"]
        await screen.type("queue-search", "такого слова немає")
        await screen.until(lambda: screen.has("queue-empty"))
        assert "Нічого не знайдено" in screen.texts()
        assert screen.has("filter-off-text")


async def test_nobody_s_appeals_are_found() -> None:
    async with window(a_desk(), width=1280) as screen:
        await screen.click("queue-filters")
        await screen.choose("filter-assignee", "Петро")
        assert listed(screen) == ["a3", "b01"]
        await screen.choose("filter-assignee", "-")
        assert "a3" not in listed(screen)
        assert "a1" in listed(screen)
        await screen.choose("filter-assignee", "")
        assert {"a1", "a3"} <= set(listed(screen))


async def test_days_as_they_are_typed() -> None:
    device = a_desk()
    device.office.put(case("old", received_at_ms=NOW - 40 * DAY, created_at_ms=NOW - 40 * DAY))
    day = day_of("received_from_ms", NOW - 40 * DAY, KYIV)
    async with window(device, width=1280) as screen:
        await screen.click("queue-filters")
        await screen.type("filter-received_until_ms", "учора")
        await screen.click("filter-days")
        assert screen.field("filter-received_until_ms", "error").startswith("Напишіть дату")
        assert "a1" in listed(screen)
        for name in ("filter-received_from_ms", "filter-received_until_ms"):
            await screen.type(name, f"{day:%d.%m.%Y}")
        await screen.click("filter-days")
        assert listed(screen) == ["old"], "the last day counts too"
        await screen.click("filter-off-received_until_ms")
        assert len(listed(screen)) > 5


@pytest.mark.parametrize(
    ("text", "iso"),
    [("01.03.2026", "2026-03-01"), (" 1.3.2026 ", "2026-03-01"), ("1/3/2026", "2026-03-01"),
     ("2026-03-01", "2026-03-01"), ("31.02.2026", None), ("01.13.2026", None), ("учора", None),
     ("1.3.26", None), ("", None)],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(text: str, iso: str | None) -> None:
    day = read_day(text)
    assert (day.isoformat() if day else None) == iso


def test_the_last_day_of_a_span_is_in_it_also_when_clocks_change() -> None:
    day = read_day("25.10.2026")  # the day has 25 hours in Kyiv
    assert day is not None
    first, end = (bound_ms(name, day, KYIV) for name in ("received_from_ms", "received_until_ms"))
    assert end - first == 25 * HOUR
    assert day_of("received_until_ms", end, KYIV) == day


def test_taking_filters_off_leaves_the_view_and_the_order() -> None:
    query = Query("mine", category="water", text="яма", sort="number", descending=True)
    assert active(query) == ("category", "text")
    assert without(query) == Query("mine", sort="number", descending=True)
    assert without(query, "text") == Query("mine", category="water", sort="number", descending=True)


async def test_a_column_sorts_says_so_and_turns_round() -> None:
    async with window(a_desk(), width=1280) as screen:

        def label(sort: str) -> str:
            return next(c.label for c in screen.controls()
                        if getattr(c, "identifier", "") == f"sort-{sort}")  # fmt: skip

        assert label("urgency") == "Увага, упорядковано за зростанням"
        await screen.click("sort-received")
        assert label("received") == "Надійшло, упорядковано за спаданням"
        assert label("urgency") == "Увага"
        assert listed(screen)[0] == "b05"
        await screen.click("sort-received")
        assert label("received").endswith("за зростанням")
        assert listed(screen)[-1] == "b05"


async def test_on_a_phone_the_order_is_a_menu() -> None:
    async with window(a_desk()) as screen:
        assert not screen.has("sort-received")
        await screen.choose("queue-sort", "received")
        assert listed(screen)[0] == "b05"


async def test_only_a_page_becomes_controls_and_others_are_a_tap_away() -> None:
    async with window(a_desk(more=120), width=1280) as screen:
        assert len(listed(screen)) == 50
        assert "1–50 з 124" in screen.texts()
        assert not screen.has("page-previous")
        await screen.click("page-next")
        await screen.click("page-next")
        assert len(listed(screen)) == 24
        assert not screen.has("page-next")
        await screen.click("page-previous")
        assert "51–100 з 124" in screen.texts()
        await screen.click("sort-number")
        assert "1–50 з 124" in screen.texts(), "another order begins at its beginning"


async def test_a_last_page_that_empties_gives_way_to_the_one_before() -> None:
    device = a_desk(more=47)  # 51 are open
    async with window(device, width=1280) as screen:
        await screen.click("page-next")
        (last,) = listed(screen)
        device.office.change(last, status="closed")
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: "1–50 з 50" in screen.texts())


async def test_large_letters_make_cards_of_the_table() -> None:
    device = a_desk()
    device.prefs.kept = Preferences(text_percent=200)
    async with window(device, width=1280) as screen:
        assert not screen.has("sort-received")
        assert listed(screen)[0] == "a3"
        assert "Першочергове" in screen.texts()


async def test_a_tablet_has_fewer_columns_and_says_the_district_with_the_topic() -> None:
    async with window(a_desk(), width=1024) as screen:
        assert screen.has("sort-category")
        assert not screen.has("sort-received")
        assert screen.has("queue-sort")
        cells = [text for text in texts_in(screen.named("appeal-a1")) if text]
        assert cells.index("Центр") == cells.index("Вода") + 1


async def test_while_the_queue_is_opened_the_other_rooms_work() -> None:
    device = a_desk()
    device.office.slow.clear()
    device.office.told = (34_000, 100_000)
    async with window(device, width=1280) as screen:
        await screen.until(lambda: any("34\u00a0000" in text for text in screen.texts()))
        bar = next(c for c in screen.controls() if isinstance(c, ft.ProgressBar))
        assert bar.value == 0.34
        await screen.go("news")
        assert screen.has("news-search")
        await screen.go("queue")
        assert not listed(screen)
        device.office.slow.set()
        await screen.until(lambda: bool(listed(screen)))
        assert not screen.has("queue-opening")


async def test_an_address_that_waited_for_the_queue_is_followed() -> None:
    device = a_desk()
    device.office.slow.clear()
    async with window(device, width=1280, route="/queue/a1") as screen:
        assert screen.has("queue-opening")
        device.office.slow.set()
        await screen.until(lambda: screen.has("thread-title"))


async def test_a_queue_that_could_not_be_opened_is_opened_at_the_next_exchange() -> None:
    device = a_desk()
    office = device.office
    whole, failing = office.refresh, threading.Event()

    def refresh(progress: object = None) -> None:
        if not failing.is_set():
            failing.set()
            raise OSError("the disk is away")
        whole(None)

    office.refresh = refresh  # type: ignore[method-assign]
    async with window(device, width=1280) as screen:
        await screen.until(lambda: screen.has("notice"))
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: bool(listed(screen)))


async def test_what_comes_in_shows_and_the_row_in_hand_stays_the_same() -> None:
    device = a_desk()
    async with window(device, width=1280) as screen:
        for _ in range(3):
            await screen.press("J")
        table = screen.app.queue.table
        held = table.row
        assert held is not None
        device.office.put(case("urgent", privileged=True, received_at_ms=NOW - 9 * DAY))
        device.exchanged(last_success_ms=NOW)
        await screen.until(lambda: "urgent" in listed(screen))
        assert table.row is not None
        assert table.row.case.record == held.case.record


async def test_an_empty_queue_says_why() -> None:
    async with window(FakeDevice(ROLE), width=1280) as screen:
        assert "У черзі порожньо" in screen.texts()
        await screen.click("view-overdue")
        assert "Тут порожньо: усе зроблено" in screen.texts()


async def test_a_record_that_is_not_here_says_so_and_leads_back() -> None:
    async with window(a_desk(), width=1280, route="/queue/nobody") as screen:
        await screen.until(lambda: screen.has("desk-lost"))
        await screen.click("desk-back")
        assert listed(screen)

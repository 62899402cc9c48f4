"""Places as a table: found, confirmed with one tap, and one at a time in a form."""

from __future__ import annotations

import pytest

from client.services.prefs import Preferences
from client.storage.errors import StorageFull
from shared_schema.records.place import Confirmed, Listed
from tests.client.ui.conftest import Clock
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import CENTRE, DAY, HOUR, MINUTE, NOW, place

pytestmark = pytest.mark.anyio
BROAD = 1280
TABLE = "/newsroom/places"


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice({("newsroom", "news")})
    made.places = [
        place("p1", confirmed_by="Олена", confirmed_at_ms=NOW - 5 * DAY,
              expires_at_ms=NOW + 2 * DAY),
        place("p2", name="Бювет", sort="water", address="вул. Лісова, 2", district="Затишшя",
              hours="Mo-Fr 08:00-18:00", condition="empty", condition_note="Вода о 14:00"),
        place("p3", name="Старе укриття", confirmed_at_ms=NOW - 9 * DAY,
              expires_at_ms=NOW - HOUR),
    ]  # fmt: skip
    return made


def rows(screen: Window) -> list[str]:
    start = "place-row-"
    return [name.removeprefix(start) for name in screen.names() if name.startswith(start)]


async def fill(screen: Window, **fields: str) -> None:
    for field, text in fields.items():
        await screen.type(f"placeform-{field}", text)


async def test_the_table_says_all_of_a_place(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        said = " / ".join(screen.said("place-row-p2"))
        for each in ("Бювет", "Вода", "вул. Лісова, 2", "Затишшя", "пн–пт 08:00–18:00",
                     "Закінчилося", "Вода о 14:00", "3 год тому", "без строку"):  # fmt: skip
            assert each in said
        assert any("діяло до" in text for text in screen.said("place-row-p3"))
        titles = ["Назва", "Адреса", "Години", "Стан", "Перевірено"]
        assert [text for text in screen.texts() if text in titles] == titles


async def test_a_phone_has_cards_in_place_of_columns(device: FakeDevice) -> None:
    async with window(device, route=TABLE) as screen:
        assert rows(screen) == ["p1", "p2", "p3"]
        assert "Адреса" not in screen.texts()
        await screen.click("place-confirm-p1")
        await screen.until(lambda: bool(device.guide_desk.said))


async def test_one_tap_confirms_as_checked_now_for_as_long_as_before(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("place-confirm-p1")
        await screen.until(lambda: "щойно" in screen.said("place-row-p1"))
        assert device.guide_desk.said == [("p1", Confirmed("open", "", "", NOW + 7 * DAY))]


async def test_what_is_empty_is_confirmed_as_empty(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("place-confirm-p2")
        await screen.until(lambda: bool(device.guide_desk.said))
        assert device.guide_desk.said == [("p2", Confirmed("empty", "", "Вода о 14:00", 0))]


async def test_the_table_is_searched_and_narrowed(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.type("places-table-search", "лісова")
        assert rows(screen) == ["p2"]
        await screen.type("places-table-search", "немає такого")
        assert screen.has("places-table-empty")
        await screen.type("places-table-search", "")
        await screen.click("places-sort-shelter")
        assert rows(screen) == ["p1", "p3"]
        await screen.click("places-stale")
        assert rows(screen) == ["p3"]
        assert "Прострочено: 1" in screen.texts()


async def test_a_row_that_nothing_happened_to_says_how_old_it_is(
    device: FakeDevice, clock: Clock
) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        clock.on(screen, 2 * HOUR + MINUTE)
        await screen.until(lambda: "5 год тому" in screen.said("place-row-p2"))


async def test_a_long_table_comes_page_by_page(device: FakeDevice) -> None:
    device.places = [place(f"p{at:03}", name=f"Місце {at:03}") for at in range(70)]
    async with window(device, width=BROAD, route=TABLE) as screen:
        assert len(rows(screen)) == 30
        await screen.click("places-table-more")
        assert len(rows(screen)) == 60


async def test_a_new_place_is_listed(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("place-new")
        await screen.click("placeform-sort-water")
        await screen.click("placeform-offer-charging")
        await fill(screen, name="Бювет", address="вул. Садова, 2", hours="24/7",
                   where="46,69750 32,49940", by="водоканал", until="24.12.2099 18:00")  # fmt: skip
        await screen.select("placeform-district", "Центр")
        await screen.click("placeform-save")
        await screen.until(lambda: screen.has("place-row-new1"))
        ((record, listed),) = device.guide_desk.said
        assert record == ""
        assert (listed.name, listed.sort, listed.offers) == ("Бювет", "water", ["charging"])
        assert (listed.lat_e5, listed.lon_e5, listed.district) == (4_669_750, 3_249_940, "Центр")
        assert (listed.by, listed.hours) == ("водоканал", "24/7")
        assert listed.expires_at_ms > NOW + 365 * DAY


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({}, "name", "Без цього"),
        ({"name": "Н" * 201}, "name", "не більше 200"),
        ({"name": "Н", "note": "п" * 301}, "note", "не більше 300"),
        ({"name": "Н", "where": "десь там"}, "where", "Дві координати"),
        ({"name": "Н", "where": "91, 30"}, "where", "Дві координати"),
        ({"name": "Н", "until": "колись"}, "until", "Не зрозуміли"),
    ],
)
async def test_what_is_wrong_stands_at_its_field_and_nothing_is_said(
    device: FakeDevice, fields: dict[str, str], field: str, said: str
) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/new") as screen:
        await fill(screen, **fields)
        await screen.click("placeform-save")
        assert said in screen.field(f"placeform-{field}", "error")
        assert device.guide_desk.said == []


async def test_a_place_is_changed_from_its_row(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("place-row-p1")
        await screen.until(lambda: screen.has("placeform-address"))
        assert screen.field("placeform-address") == "вул. Садова, 5"
        assert screen.field("placeform-where") == "48.50000, 35.00000"
        await fill(screen, address="вул. Садова, 55")
        await screen.click("placeform-save")
        await screen.until(lambda: "вул. Садова, 55" in screen.said("place-row-p1"))
        ((record, listed),) = device.guide_desk.said
        assert record == "p1"
        assert isinstance(listed, Listed)
        assert (listed.lat_e5, listed.lon_e5) == CENTRE
        assert abs(listed.expires_at_ms - (NOW + 2 * DAY)) < MINUTE


async def test_only_the_condition_is_said(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/p1") as screen:
        await screen.click("placeform-condition-closed")
        await fill(screen, found_note="Ремонт до п’ятниці", found_by="Іван", found_until="")
        await screen.click("placeform-found")
        await screen.until(lambda: "Зачинено" in screen.said("place-row-p1"))
        said = Confirmed("closed", "Іван", "Ремонт до п’ятниці", 0)
        assert device.guide_desk.said == [("p1", said)]


async def test_taking_a_place_out_asks_first(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/p2") as screen:
        await screen.click("placeform-remove")
        await fill(screen, remove_note="Закрили назавжди")
        await screen.click("placeform-remove-no")
        assert device.guide_desk.said == []
        await screen.click("placeform-remove")
        await screen.click("placeform-remove-yes")
        await screen.until(lambda: rows(screen) == ["p1", "p3"])
        assert device.guide_desk.said == [("p2", "Закрили назавжди")]


async def test_what_was_typed_waits_while_one_looks_elsewhere(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/p1") as screen:
        await fill(screen, note="Вхід із двору")
        await screen.click("placeform-close")
        await screen.click("place-row-p2")
        assert screen.field("placeform-note") == ""
        await screen.go("news")
        await screen.address(f"{TABLE}/p1")
        assert screen.field("placeform-note") == "Вхід із двору"
        await screen.click("placeform-discard")
        await screen.click("place-row-p1")
        assert screen.field("placeform-note") == ""


async def test_a_place_that_could_not_be_saved_stays_in_the_form(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/p1") as screen:
        await fill(screen, note="Вхід із двору")
        device.fail = StorageFull("disk")
        await screen.click("placeform-save")
        await screen.until(lambda: screen.has("notice"))
        assert screen.field("placeform-note") == "Вхід із двору"


async def test_an_address_of_no_place_leads_to_the_table(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/nowhere") as screen:
        await screen.until(lambda: rows(screen) == ["p1", "p2", "p3"])


async def test_back_on_a_phone_leads_from_the_form_to_the_table(device: FakeDevice) -> None:
    async with window(device, route=f"{TABLE}/p1") as screen:
        await screen.click("back")
        await screen.until(lambda: rows(screen) == ["p1", "p2", "p3"])
        await screen.click("back")
        assert screen.app.record == ""


async def test_an_empty_directory_says_what_to_do() -> None:
    async with window(FakeDevice({("newsroom", "news")}), "en", BROAD, TABLE) as screen:
        assert "There are no places yet" in screen.texts()


@pytest.mark.parametrize(
    ("width", "percent", "columns"),
    [(1280, 150, True), (1280, 175, False), (1024, 125, True), (1024, 150, False)],
)
async def test_large_text_needs_room_or_it_has_cards(
    device: FakeDevice, width: int, percent: int, columns: bool
) -> None:
    device.prefs.kept = Preferences(text_percent=percent)
    async with window(device, width=width, route=TABLE) as screen:
        assert ("Адреса" in screen.texts()) is columns
        assert rows(screen) == ["p1", "p2", "p3"]

"""Files: looked through before anything is said, told in words what was wrong, and written back."""

from __future__ import annotations

import dataclasses

import pytest

from client.branding import Branding
from client.services.interchange.cap import read_cap
from client.services.interchange.plan import place_wording
from client.services.interchange.tables import (
    read_places_csv,
    read_places_geojson,
    read_schedules_csv,
)
from client.storage.errors import StorageFull
from client.viewmodels.newsroom.sender import UNNAMED, domain_of
from tests.client.ui.fake import FakeDevice, FakePhone
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import alert, news, place, schedule

pytestmark = pytest.mark.anyio
BROAD = 1280
FILES = "/newsroom/files"
PLACES = (
    "Назва;Вид;Адреса;Телефон;Пандус\n"
    "Укриття школи № 3;Укриття;вул. Садова, 5;112;є\n"
    "Бювет;Вода;вул. Лісова, 2;;\n"
    ";Вода;вул. Лісова, 4;;\n"
    "Аптека;Палац;вул. Лісова, 6;;"
).encode()
WEEKS = "Послуга;Черга;Пн;Вт;Ср;Чт;Пт;Сб;Нд\nСвітло;3.1;08:00-12:00;є;є;є;є;є;є".encode()
RSS = (
    "<rss version='2.0'><channel><title>Водоканал</title>"
    "<item><title>Хлорування</title><description>У вівторок.</description></item>"
    "<item><title>Підвіз води</title><description>О 15:00 біля ринку.</description></item>"
    "</channel></rss>"
).encode()


def cap(status: str = "Actual", kind: str = "Alert") -> bytes:
    return (
        '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>a1</identifier>'
        "<sender>dsns@example.org</sender><sent>2026-11-24T10:00:00+02:00</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope><info>"
        "<language>uk-UA</language><category>Met</category><event>Шторм</event>"
        "<urgency>Immediate</urgency><severity>Severe</severity><certainty>Likely</certainty>"
        "<headline>Штормовий вітер</headline><description>До 25 м/с.</description>"
        "<area><areaDesc>Надріччя</areaDesc><circle>46,32 10</circle></area></info></alert>"
    ).encode()


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice({("newsroom", "news")})
    made.places = [place("p1"), place("p9", name="Лікарня", sort="medical")]
    return made


@pytest.fixture
def phone() -> FakePhone:
    return FakePhone()


async def pick(screen: Window, phone: FakePhone, raw: bytes, button: str = "files-pick") -> None:
    phone.file = raw
    await screen.click(button)


def problems(screen: Window) -> list[str]:
    found = [name for name in screen.names() if name.startswith("files-problem-")]
    return [" ".join(screen.said(name)) for name in found]


async def test_a_table_is_shown_as_what_it_would_change(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, width=BROAD, route="/newsroom/places", phone=phone) as screen:
        await pick(screen, phone, PLACES, "places-import")
        await screen.until(lambda: screen.has("files-counts"))
        counts = screen.said("files-counts")
        assert counts[0] == "нових: 1 · змінених: 1 · без змін: 0"
        assert "Пропущено стовпці: Пандус" in counts
        assert "Ще 1 немає у файлі: залишиться як є." in counts
        assert {"Укриття школи № 3: телефон", "Нове: Бювет"} <= set(screen.texts())
        assert problems(screen) == [
            "Рядок 4 «Назва»: порожньо.", "Рядок 5 «Вид»: невідоме слово «Палац».",
        ]  # fmt: skip
        assert device.guide_desk.said == [], "nothing is published by reading"


async def test_a_table_is_said_when_it_is_accepted_and_the_second_time_changes_nothing(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, PLACES)
        await screen.until(lambda: "Опублікувати 2 зміни" in screen.texts())
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("files-accepted"))
        assert "Збережено 2 зміни" in screen.said("files-accepted")[0]
        assert [record for record, _ in device.guide_desk.said] == ["p1", ""]
        changed = device.guide_desk.said[0][1]
        assert (changed.phone, changed.hours) == ("112", "24/7"), "the rest is kept"
        await pick(screen, phone, PLACES)
        await screen.until(lambda: screen.has("files-same"))
        assert not screen.has("files-accept")
        assert not screen.has("files-accepted")


async def test_a_city_that_changed_meanwhile_is_looked_at_again(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, PLACES)
        await screen.until(lambda: screen.has("files-accept"))
        device.places[0] = dataclasses.replace(device.places[0], phone="112")
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("files-moved"))
        assert device.guide_desk.said == []
        assert screen.said("files-counts")[0] == "нових: 1 · змінених: 0 · без змін: 1"
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("files-accepted"))
        assert len(device.guide_desk.said) == 1


async def test_schedules_come_in_the_same_way(device: FakeDevice, phone: FakePhone) -> None:
    device.schedules = [schedule("s1")]
    async with window(device, width=BROAD, route="/newsroom/outages", phone=phone) as screen:
        await pick(screen, phone, WEEKS, "weeks-import")
        await screen.until(lambda: "Черга 3.1: дні тижня" in screen.texts())
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("files-accepted"))
        ((record, week),) = device.guide_desk.said
        assert record == "s1"
        assert week.week[0] == "+" * 16 + "-" * 8 + "+" * 24
        assert week.streets == ["Садова"], "a column that is not there says nothing"


async def test_places_come_as_geojson_too(device: FakeDevice, phone: FakePhone) -> None:
    raw = (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": {"type":'
        ' "Point", "coordinates": [32.5, 46.7]}, "properties": {"name": "Бювет", "sort": "water"}},'
        ' {"type": "Feature", "geometry": {"type": "Polygon"}, "properties": {"name": "Парк",'
        ' "sort": "aid"}}]}'
    )
    async with window(device, "en", BROAD, FILES, phone=phone) as screen:
        await pick(screen, phone, raw.encode())
        await screen.until(lambda: "New: Бювет" in screen.texts())
        assert problems(screen) == ["Row 2 A place must be a point, and this is Polygon."]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "Він порожній."),
        ("Привіт".encode(), "Це не CAP, не RSS чи Atom"),
        (b"<alert", "XML зіпсовано"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>", "опис типу"),
        (b'{"type": "Feature"', "GeoJSON зіпсовано"),
        (b"\x89PNG\0\0", "Це не текст"),
    ],
)
async def test_a_file_that_cannot_be_used_says_why(
    device: FakeDevice, phone: FakePhone, raw: bytes, said: str
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, raw)
        await screen.until(lambda: screen.has("files-problem"))
        assert said in screen.said("files-problem")[0]
        assert not screen.has("files-accept")


async def test_no_file_is_no_question(device: FakeDevice, phone: FakePhone) -> None:
    async with window(device, width=BROAD, route="/newsroom/places", phone=phone) as screen:
        await screen.click("places-import")
        assert screen.app.record == "places"


async def test_an_alert_becomes_a_draft_and_nothing_more(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        screen.app.newsroom.writing.typed("title")("Що писали раніше")
        await pick(screen, phone, cap())
        await screen.until(lambda: screen.has("draft-take-0"))
        said = screen.said("file-draft-0")
        assert {"Штормовий вітер", "До 25 м/с.", "Від: dsns@example.org"} <= set(said)
        assert "Не взято: circle 46,32 10" in said
        await screen.click("draft-take-0")
        await screen.until(lambda: screen.field("newsroom-title") == "Штормовий вітер")
        model = screen.app.newsroom.writing
        assert (model.priority, model.text("district")) == ("urgent", "")
        assert [each.texts["title"] for each in model.drafts] == ["Що писали раніше"]
        assert device.news_items == []


@pytest.mark.parametrize(("status", "kind"), [("Exercise", "Alert"), ("Test", "Update")])
async def test_a_drill_cannot_be_taken(
    device: FakeDevice, phone: FakePhone, status: str, kind: str
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, cap(status, kind))
        await screen.until(lambda: screen.has("cap-private-0"))
        assert not screen.has("draft-take-0")


async def test_a_feed_is_a_list_to_pick_from(device: FakeDevice, phone: FakePhone) -> None:
    async with window(device, route=FILES, phone=phone) as screen:
        await pick(screen, phone, RSS)
        await screen.until(lambda: "Водоканал" in screen.texts())
        assert "Хлорування" in screen.said("file-draft-0")
        await screen.click("draft-take-1")
        await screen.until(lambda: screen.field("newsroom-title") == "Підвіз води")
        assert screen.field("newsroom-text") == "О 15:00 біля ринку."
        assert device.news_items == []


async def test_an_item_goes_out_as_cap(device: FakeDevice, phone: FakePhone) -> None:
    device.news_items = [alert("ab" * 16, text="До 25 м/с.", district="Центр")]
    async with window(device, width=BROAD, phone=phone) as screen:
        await screen.click(f"cap-{'ab' * 16}")
        await screen.until(lambda: bool(phone.files))
        ((name, raw),) = phone.files.items()
        assert name == "misto-abababab.cap.xml"
        (draft,) = read_cap(raw, "Надріччя")
        assert draft.wording is not None
        assert (draft.wording.title, draft.wording.district) == ("Пройдіть в укриття", "Центр")
        assert draft.wording.priority == "urgent"
        assert (draft.sender, draft.warnings) == (UNNAMED, ())


def test_a_city_speaks_under_its_own_domain() -> None:
    assert domain_of(Branding(bundle_id="ua.example.nadrichchia.misto")) == (
        "misto.nadrichchia.example.ua"
    )


async def test_tables_go_out_and_come_back_the_same(device: FakeDevice, phone: FakePhone) -> None:
    device.schedules = [schedule("s1")]
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        for button in ("files-places-csv", "files-places-geojson", "files-schedules-csv"):
            await screen.click(button)
            await screen.until(lambda: screen.has("files-saved"))
        zone = screen.app.zone
    wordings = [place_wording(each) for each in device.places]
    assert read_places_csv(phone.files["misto-places.csv"], zone).values == wordings
    assert read_places_geojson(phone.files["misto-places.geojson"], zone).values == wordings
    weeks = read_schedules_csv(phone.files["misto-schedules.csv"], zone).values
    assert weeks == [device.schedules[0].scheduled]


async def test_a_file_that_was_not_kept_is_not_said_to_be(
    device: FakeDevice, phone: FakePhone
) -> None:
    phone.takes_files = False
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await screen.click("files-places-csv")
        await screen.until(lambda: "Файл не збережено." in screen.said("files-saved"))


async def test_a_table_that_could_not_be_saved_stays_open(
    device: FakeDevice, phone: FakePhone
) -> None:
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, WEEKS)
        await screen.until(lambda: screen.has("files-accept"))
        accept = device.guide_desk.accept_schedules
        device.guide_desk.accept_schedules = lambda plan: (_ for _ in ()).throw(StorageFull("x"))  # type: ignore[method-assign]
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("notice"))
        assert screen.has("files-accept")
        device.guide_desk.accept_schedules = accept  # type: ignore[method-assign]
        await screen.click("files-accept")
        await screen.until(lambda: screen.has("files-accepted"))


async def test_closing_a_file_says_nothing(device: FakeDevice, phone: FakePhone) -> None:
    device.news_items = [news("n1")]
    async with window(device, width=BROAD, route=FILES, phone=phone) as screen:
        await pick(screen, phone, PLACES)
        await screen.until(lambda: screen.has("files-close"))
        await screen.click("files-close")
        assert not screen.has("files-counts")
        assert device.guide_desk.said == []

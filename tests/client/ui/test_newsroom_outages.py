"""Outages as the newsroom keeps them: weeks by their hours, exceptions with an end."""

from __future__ import annotations

from datetime import datetime

import pytest

from client.viewmodels.newsroom import preview
from client.viewmodels.newsroom.week_form import day_typed
from shared_schema.records.outage import Announced
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window, window
from tests.client.ui.samples import DAY, HOUR, MINUTE, NOW, OFF, ON, announcement, schedule

pytestmark = pytest.mark.anyio
BROAD = 1280
TABLE = "/newsroom/outages"
MORNING = "+" * 16 + "-" * 8 + "+" * 24
DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


@pytest.fixture
def device(monkeypatch: pytest.MonkeyPatch) -> FakeDevice:
    monkeypatch.setattr(preview, "LATER_S", 0.01)
    made = FakeDevice({("newsroom", "news")})
    made.schedules = [
        schedule("s1", week=[MORNING] * 7, streets=["Садова: 1-19", "Лісова"]),
        schedule("s2", utility="water", queue="нижня", week=[OFF] * 7,
                 expires_at_ms=NOW - HOUR),
    ]  # fmt: skip
    made.announcements = [
        announcement("x1", queues=["3.1"]),
        announcement("x2", title="Давня аварія", until_ms=NOW - MINUTE),
    ]
    return made


async def fill(screen: Window, form: str, **fields: str) -> None:
    for field, text in fields.items():
        await screen.type(f"{form}-{field}", text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("08-12", MORNING),
        ("8–12", MORNING),
        ("08:00-12:00", MORNING),
        ("8-12, ?16-18:30", MORNING[:32] + "?" * 5 + "+" * 11),
        ("є", ON),
        ("немає", OFF),
        (MORNING, MORNING),
        ("", None),
        ("12-08", None),
        ("8:10-12", None),
        ("зранку", None),
    ],
)
def test_hours_are_understood_as_people_type_them(text: str, day: str | None) -> None:
    assert day_typed(text) == day


async def test_the_tables_say_today_and_what_is_not_over(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        said = " / ".join(screen.said("week-row-s1"))
        for each in ("Черга 3.1", "Світло", "08:00-12:00", "Садова: 1-19, Лісова", "без строку"):
            assert each in said
        assert any("діяло до" in text for text in screen.said("week-row-s2"))
        assert "немає" in screen.said("week-row-s2")
        assert screen.has("exception-x1")
        assert not screen.has("exception-x2")


async def test_a_schedule_is_written_in_hours_and_published(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/new") as screen:
        await fill(screen, "weekform", queue="3.2", mo="08-12", streets="Садова: 20-40\n\nЗелена")
        await screen.click("weekform-same-mo")
        assert [screen.field(f"weekform-{day}") for day in DAYS] == ["08-12"] * 7
        await fill(screen, "weekform", su="є", until="24.12.2099")
        await screen.click("weekform-save")
        await screen.until(lambda: screen.has("week-row-new1"))
        ((record, week),) = device.guide_desk.said
        assert (record, week.utility, week.queue) == ("", "power", "3.2")
        assert week.week == [MORNING] * 6 + [ON]
        assert week.streets == ["Садова: 20-40", "Зелена"]


async def test_the_strip_follows_what_is_typed(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/new") as screen:
        field = screen.named("weekform-mo")
        await fill(screen, "weekform", mo="08-12")
        await screen.until(lambda: "Смуга дня: 08-12" in labels(screen))
        assert screen.named("weekform-mo") is field, "the form was drawn anew by a key"
        await fill(screen, "weekform", mo="08-")
        await screen.until(lambda: "Смуга дня: 08-12" not in labels(screen))


def labels(screen: Window) -> list[str]:
    return [str(each.label) for each in screen.controls() if getattr(each, "label", None)]


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"queue": ""}, "queue", "Без цього"),
        ({"queue": "3.1"}, "queue", "вже є"),
        ({"th": "зранку"}, "th", "години без світла"),
        ({"streets": "\n".join(["Садова"] * 401)}, "streets", "не більше 400"),
        ({"streets": "С" * 301}, "streets", "не більше 300"),
        ({"until": "колись"}, "until", "Не зрозуміли"),
    ],
)
async def test_what_is_wrong_stands_at_its_field(
    device: FakeDevice, fields: dict[str, str], field: str, said: str
) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/new") as screen:
        await fill(screen, "weekform", queue="9.9", mo="є")
        await screen.click("weekform-same-mo")
        await fill(screen, "weekform", **fields)
        await screen.click("weekform-save")
        assert said in screen.field(f"weekform-{field}", "error")
        assert device.guide_desk.said == []


async def test_a_schedule_is_changed_from_its_row(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("week-row-s1")
        await screen.until(lambda: screen.has("weekform-we"))
        assert screen.field("weekform-we") == "08:00-12:00"
        assert screen.field("weekform-streets") == "Садова: 1-19\nЛісова"
        await fill(screen, "weekform", we="9-12")
        await screen.click("weekform-save")
        await screen.until(lambda: bool(device.guide_desk.said))
        ((record, week),) = device.guide_desk.said
        assert record == "s1"
        assert week.week[2] == "+" * 18 + "-" * 6 + "+" * 24
        assert week.week[3] == MORNING


async def test_ending_a_schedule_asks_first(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/s2") as screen:
        await screen.click("weekform-end")
        await screen.click("cancel-no")
        assert device.guide_desk.said == []
        await screen.click("weekform-end")
        await screen.type("cancel-note", "Новий тариф")
        await screen.click("cancel-yes")
        await screen.until(lambda: not screen.has("week-row-s2") and screen.has("week-row-s1"))
        assert device.guide_desk.said == [("s2", "Новий тариф")]


async def test_an_exception_is_announced_from_this_minute(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("exception-new")
        end = datetime.fromtimestamp((NOW + 2 * DAY) / 1000, screen.app.zone)
        await fill(screen, "exception", title="Аварія на підстанції", queues="3.1; 3.1",
                   until=f"{end:%d.%m.%Y %H:%M}")  # fmt: skip
        await screen.click("exception-save")
        await screen.until(lambda: screen.has("exception-new1"))
        ((_, said),) = device.guide_desk.said
        assert isinstance(said, Announced)
        assert (said.utility, said.title, said.queues) == ("power", "Аварія на підстанції", ["3.1"])
        assert (said.off, said.from_ms) == (True, NOW)
        assert abs(said.until_ms - (NOW + 2 * DAY)) < MINUTE
        assert any("Черга 3.1" in text for text in screen.said("exception-new1"))


@pytest.mark.parametrize(
    ("fields", "field", "said"),
    [
        ({"title": ""}, "title", "Без цього"),
        ({"until": ""}, "until", "Не зрозуміли"),
        ({"from": "24.12.2099 18:00", "until": "24.12.2099 17:00"}, "until", "після початку"),
        ({"from": "01.01.2020", "until": "02.01.2020"}, "until", "уже минув"),
        ({"queues": "3.1, 7.7"}, "queues", "Графіка такої черги немає"),
    ],
)
async def test_an_exception_that_makes_no_sense_is_not_announced(
    device: FakeDevice, fields: dict[str, str], field: str, said: str
) -> None:
    async with window(device, width=BROAD, route=f"{TABLE}/exception") as screen:
        await fill(screen, "exception", **({"title": "Аварія", "until": "24.12.2099"} | fields))
        await screen.click("exception-save")
        assert said in screen.field(f"exception-{field}", "error")
        assert device.guide_desk.said == []


async def test_an_exception_is_cancelled_with_a_reason(device: FakeDevice) -> None:
    async with window(device, width=BROAD, route=TABLE) as screen:
        await screen.click("exception-cancel-x1")
        await screen.type("cancel-note", "Полагодили")
        await screen.click("cancel-yes")
        await screen.until(lambda: not screen.has("exception-x1"))
        assert device.guide_desk.said == [("x1", "Полагодили")]

"""What a city says and a resident wrote, as the services hand it out: examples for view tests."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import msgspec

from client.services.drafts import Draft
from client.services.guide_types import AnnouncementView, PlaceView, ScheduleView
from client.services.office.case import Case
from client.services.types import AppealView, HistoryStep, NewsView, OwnPart, SaidLine
from shared_schema.records.outage import Announced, Scheduled

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
NOW = time.time_ns() // 1_000_000
CENTRE = (4_850_000, 3_500_000)
ON, OFF, MAYBE = "+" * 48, "-" * 48, "?" * 48


def appeal(record: str = "a1", **more: Any) -> AppealView:
    """An appeal that waits, unless told otherwise."""
    view = AppealView(
        record=record,
        title="Не горить ліхтар біля школи № 7",
        text="Третій вечір темно на переході. Діти йдуть із другої зміни.",
        lane="signal",
        kind="",
        category="light",
        address="вул. Шкільна, 12",
        district="Затишшя",
        name="",
        contact="",
        state="waiting",
        reason="",
        receipt_number="",
        received_at_ms=None,
        created_at_ms=NOW - 12 * MINUTE,
        number="",
        status="",
        history=(),
        said=(),
        withdrawn=False,
        mine=True,
        pending=True,
        parts=(OwnPart("appeal.opened", NOW - 12 * MINUTE, "waiting"),),
    )
    return dataclasses.replace(view, **more)


def received(record: str = "a1", **more: Any) -> AppealView:
    """An appeal that the city has, and nothing more."""
    at = NOW - 10 * MINUTE
    part = OwnPart("appeal.opened", NOW - 12 * MINUTE, "received", received_at_ms=at)
    known: dict[str, Any] = {
        "state": "received",
        "pending": False,
        "receipt_number": "ЗВ-000031",
        "received_at_ms": at,
        "parts": (part,),
    }
    return appeal(record, **(known | more))


def refused(record: str = "a1", **more: Any) -> AppealView:
    """An appeal that the city did not take."""
    at = NOW - 10 * MINUTE
    part = OwnPart("appeal.opened", NOW - 12 * MINUTE, "refused", "quota", received_at_ms=at)
    known: dict[str, Any] = {
        "state": "refused",
        "reason": "quota",
        "pending": False,
        "parts": (part,),
    }
    return appeal(record, **(known | more))


def answered(record: str = "a2", **more: Any) -> AppealView:
    """An appeal that went all the way."""
    at = NOW - 26 * HOUR
    view = appeal(
        record,
        title="Прорвало трубу у дворі",
        text="Вода тече від другого під’їзду, підмиває стоянку. Перекрийте, будь ласка.",
        category="water",
        lane="appeal",
        kind="application",
        name="Олена Іванівна Гончар",
        residence="вул. Шкільна, 12, кв. 3",
        contact="+380 00 000 00 00",
        state="answered",
        status="answered",
        number="ЗВ-000012",
        receipt_number="7F3A-91C2-04",
        received_at_ms=at,
        created_at_ms=NOW - 27 * HOUR,
        history=(
            HistoryStep(NOW - 25 * HOUR, "registered", ""),
            HistoryStep(NOW - 20 * HOUR, "in_progress", "Передано водоканалу"),
            HistoryStep(NOW - 3 * HOUR, "answered", ""),
        ),
        said=(
            SaidLine(NOW - 22 * HOUR, False, "Стоянку вже підмило."),
            SaidLine(NOW - 3 * HOUR, True, "Бригада перекрила воду. Трубу замінять завтра."),
        ),
        pending=False,
        parts=(OwnPart("appeal.opened", NOW - 27 * HOUR, "received", received_at_ms=at),),
    )
    return dataclasses.replace(view, **more)


def news(record: str = "n1", **more: Any) -> NewsView:
    """A quiet news item."""
    view = NewsView(
        record=record,
        title="Пункт обігріву у школі № 3 працює цілодобово",
        text="Чай, зарядка для телефонів, дитячий куток. Беріть із собою документи й ліки.",
        topic="Допомога",
        district="",
        priority="normal",
        published_at_ms=NOW - 2 * HOUR,
        changed_at_ms=NOW - 2 * HOUR,
        expires_at_ms=0,
        corrections=0,
        withdrawn=False,
        note="",
        pending=False,
    )
    return dataclasses.replace(view, **more)


def alert(record: str = "u1", **more: Any) -> NewsView:
    """An alert in force, with an end."""
    loud: dict[str, Any] = {"priority": "urgent", "title": "Пройдіть в укриття"}
    return news(record, **(loud | {"expires_at_ms": NOW + HOUR} | more))


def place(record: str = "p1", **more: Any) -> PlaceView:
    """A shelter in the middle of the city, open day and night, confirmed this morning."""
    view = PlaceView(
        record=record,
        name="Укриття школи № 3",
        sort="shelter",
        serves=("shelter",),
        address="вул. Садова, 5",
        district="Центр",
        position=CENTRE,
        hours="24/7",
        note="",
        phone="",
        condition="open",
        condition_note="",
        confirmed_at_ms=NOW - 3 * HOUR,
        confirmed_by="",
        expires_at_ms=0,
        pending=False,
    )
    sort = more.get("sort", "shelter")
    return dataclasses.replace(view, **({"serves": (sort,)} | more))


def schedule(record: str = "s1", **more: Any) -> ScheduleView:
    """The week of a power queue of Садова street, in which there is always power."""
    week = Scheduled("power", "3.1", [ON] * 7, ["Садова"])
    return ScheduleView(record, msgspec.structs.replace(week, **more), NOW - 2 * DAY, False)


def announcement(record: str = "x1", **more: Any) -> AnnouncementView:
    """An exception: no power for two hours around now, for everybody."""
    said = Announced("power", NOW - HOUR, NOW + HOUR, "Аварія на підстанції")
    said = msgspec.structs.replace(said, **more)
    return AnnouncementView(record, said, NOW - HOUR, False)


def case(record: str = "c1", **more: Any) -> Case:
    """An identified appeal that has come to the desk two days ago, and nothing was done yet."""
    made = Case(
        record=record,
        queue="main",
        lane="appeal",
        kind="application",
        title="Прорвало трубу у дворі",
        text="Вода тече від другого під’їзду, підмиває стоянку.",
        category="water",
        district="Центр",
        address="вул. Шкільна, 12",
        position=None,
        name="Олена Іванівна Гончар",
        residence="вул. Шкільна, 12, кв. 3",
        contact="+380 00 000 00 00",
        created_at_ms=NOW - 2 * DAY,
        received_at_ms=NOW - 2 * DAY,
        receipt_number=f"ЗВ-{record}",
    )
    return dataclasses.replace(made, **more)


def draft(record: str = "d1", **texts: str) -> Draft:
    """Something begun."""
    words = {"title": "Яма", "text": "Велика яма на дорозі"} | texts
    return Draft(record, texts=words, changed_at_ms=NOW - 5 * MINUTE)

"""Everybody: what is tapped is large and has a spoken name, and no state is colour alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import flet as ft
import pytest
from flet.controls.base_control import BaseControl

from client.services.courier.types import CourierState
from client.services.news_drafts import NewsDraft
from client.services.prefs import Preferences
from client.services.rounds.types import Missing
from client.views.theme import TOUCH_PX
from tests.client.ui import desk_screens
from tests.client.ui.fake import FakeDevice, FakePhone, FakeStarter
from tests.client.ui.fake_reports import cases, entry
from tests.client.ui.fake_rounds import MEMBER, invited, stop
from tests.client.ui.forms import filled
from tests.client.ui.headless import Window, first_run, window
from tests.client.ui.samples import (
    HOUR,
    NOW,
    OFF,
    alert,
    announcement,
    answered,
    appeal,
    draft,
    news,
    place,
    received,
    refused,
    schedule,
)
from tests.client.ui.tree import controls_in, placed, texts_in

VIEWS = Path(__file__).resolve().parents[3] / "client" / "views"
BUTTONS = (ft.Button, ft.FilledButton, ft.OutlinedButton, ft.TextButton, ft.FilledTonalButton)
FIELDS = (ft.TextField, ft.DropdownM2, ft.Switch, ft.Checkbox, ft.SegmentedButton)
TAPPED = (*BUTTONS, *FIELDS, ft.IconButton, ft.FloatingActionButton)
Step = Callable[[Window], Awaitable[None]]
TABLE = "Назва;Вид;Пандус\nБювет;Вода;є\n;Вода;".encode()


def town(roles: set[tuple[str, str]] | None = None) -> FakeDevice:
    """A device with something of everything."""
    device = FakeDevice(roles)
    device.prefs.kept = Preferences(district="Центр", address="Садова, 5")
    device.news_items = [alert(), news("n1", read=False), news("n2", withdrawn=True)]
    device.appeal_items = [
        answered("a1"), refused("a2"), appeal("a3"), received("a4", lane="appeal"), answered("a5"),
    ]  # fmt: skip
    device.places = [place("p1"), place("p2", condition="closed"), place("p3", sort="water")]
    device.schedules = [schedule(), schedule("s2", utility="water", week=[OFF] * 7)]
    device.announcements = [announcement("x1")]
    device.drafts.kept = {"d1": draft("d1")}
    desk_screens.fill(device)
    walked(device)
    device.reports.figures.cases = cases(60)
    device.reports.audit.entries = [entry(n) for n in range(1, 40)]
    device.newsroom.waits = [
        alert("u2", confirmed=False, by="editor"),
        alert("u3", confirmed=False, confirmable=True, by="editor"),
    ]
    device.news_drafts.kept = {
        each: NewsDraft(each, {"title": "Чернетка"}) for each in ("n8", "n9")
    }
    return device


def walked(device: FakeDevice) -> None:
    """A volunteer in the middle of a round, and whom a desk has invited."""
    device.volunteers.mine = MEMBER
    device.volunteers.items = [
        invited(), invited("cd" * 16, state="joined", device="ef" * 16, name=""),
        invited("ee" * 16, state="dismissed"), invited("dd" * 16, state="past"),
    ]  # fmt: skip
    rounds = device.rounds
    rounds.stops = [
        stop("s1", mark="visited", marked_ms=NOW - HOUR, waiting=2, replies=1, note="поверх 3"),
        stop("s2", building="7", mark="nobody", marked_ms=NOW), stop("s3", street="Лісова"),
    ]  # fmt: skip
    rounds.here, rounds.loose = "s1", ("ab" * 16,)
    rounds.missing = (Missing("urgent", 1), Missing("carried", 2), Missing("replies", 2))
    rounds.carried = CourierState(5, 4_000, 32_000_000, 3, 1, 2, NOW - HOUR, 0)


async def nothing(screen: Window) -> None:
    """As it opens."""


def tap(*names: str) -> Step:
    async def act(screen: Window) -> None:
        for name in names:
            await screen.click(name)

    return act


async def write_all(screen: Window) -> None:
    await screen.click("write-discard")
    await screen.click("write-lane-appeal")
    await screen.click("category-danger")
    await screen.click("write-review")


async def write_review(screen: Window) -> None:
    await filled(screen)


async def write_saved(screen: Window) -> None:
    await filled(screen)
    await screen.click("write-save")
    await screen.until(lambda: screen.has("write-saved"))


async def newsroom_alert(screen: Window) -> None:
    await screen.type("newsroom-title", "Евакуація")
    await screen.type("newsroom-text", "О шостій.")
    await screen.click("newsroom-priority-urgent")
    await screen.click("newsroom-save")
    await screen.until(lambda: screen.has("newsroom-urgent-yes"))


async def looked_through(screen: Window) -> None:
    await screen.click("files-pick")
    await screen.until(lambda: screen.has("files-accept"))


SCREENS: dict[str, tuple[str, Step]] = {
    "home": ("/home", nothing),
    "news": ("/news", nothing),
    "news, filtered": ("/news", tap("filter-unread")),
    "news, one": ("/news/u1", nothing),
    "write": ("/write", nothing),
    "write, all of it with problems": ("/write", write_all),
    "write, review": ("/write", write_review),
    "write, saved": ("/write", write_saved),
    "appeals": ("/appeals", nothing),
    "appeals, answered": ("/appeals/a1", tap("star-3")),
    "appeals, refused": ("/appeals/a2", nothing),
    "appeals, withdrawing": ("/appeals/a3", tap("withdraw")),
    "places": ("/places", nothing),
    "places, one": ("/places/p2", tap("report-closed")),
    "outages": ("/outages", nothing),
    "outbox": ("/outbox", nothing),
    "beside": ("/beside", tap("beside-codes", "beside-door")),
    "beside, visiting": ("/beside", tap("beside-look")),
    "settings": ("/settings", nothing),
    "settings, pin": ("/settings", tap("ask-pin")),
    "settings, copy": ("/settings", tap("ask-export")),
    "round": ("/round", tap("stop-s1", "round-hand-in", "round-fill")),
    "settings, wipe": ("/settings", tap("ask-wipe")),
}
STAFF: dict[str, tuple[str, Step]] = {
    **desk_screens.SCREENS,
    "volunteers": ("/volunteers", tap(f"dismiss-{'ab' * 16}")),
    "volunteers, code": ("/volunteers", tap("volunteers-invite")),
    "reports": ("/reports", tap("period-own", "chart-switch-inflow")),
    "reports, quarter": ("/reports/quarter", nothing),
    "reports, journal": ("/reports/journal", tap("save-misto-journal.csv")),
    "reports, open data": ("/reports/open", nothing),
    "reports, audit": ("/reports/audit", tap("audit-prove", "save-misto-audit.csv")),
    "newsroom": ("/newsroom", tap("withdraw-n1")),
    "newsroom, form": ("/newsroom/form", tap("newsroom-save")),
    "newsroom, correcting": ("/newsroom", tap("correct-u1")),
    "newsroom, alert": ("/newsroom/form", newsroom_alert),
    "newsroom, to sign": ("/newsroom/alerts", nothing),
    "newsroom, not signing": ("/newsroom/alerts", tap("decline-u3")),
    "newsroom, places": ("/newsroom/places", nothing),
    "newsroom, place": ("/newsroom/places/p2", tap("placeform-remove")),
    "newsroom, place with problems": ("/newsroom/places/new", tap("placeform-save")),
    "newsroom, outages": ("/newsroom/outages", tap("exception-cancel-x1")),
    "newsroom, schedule": ("/newsroom/outages/s1", tap("weekform-end")),
    "newsroom, schedule with problems": ("/newsroom/outages/new", tap("weekform-save")),
    "newsroom, exception": ("/newsroom/outages/exception", tap("exception-save")),
    "newsroom, files": ("/newsroom/files", nothing),
    "newsroom, table": ("/newsroom/files", looked_through),
}
BROAD: dict[str, tuple[str, Step]] = {
    f"{name}, broad": each for name, each in STAFF.items() if name.startswith(("newsroom", "queue"))
}
PLACES = {
    **SCREENS,
    **STAFF,
    **BROAD,
    "first run": ("", nothing),
    "restoring": ("", tap("welcome-restore")),
}


@asynccontextmanager
async def shown(name: str) -> AsyncIterator[Window]:
    """A screen by its name above."""
    route, act = PLACES[name]
    staff = {("desk", "queue/main"), ("newsroom", "news")}
    if not route:
        opened = first_run(FakeStarter(FakeDevice()))
    else:
        device = town(None if name in SCREENS else staff)
        phone = FakePhone()
        phone.file = TABLE
        opened = window(device, route=route, width=1280 if name in BROAD else 390, phone=phone)
    async with opened as screen:
        await act(screen)
        yield screen


def tapped(screen: Window) -> list[tuple[BaseControl, tuple[BaseControl, ...]]]:
    """What can be tapped, with what is around it."""
    return [
        (control, around)
        for control, around in placed(screen.page.views)
        if isinstance(control, TAPPED) or getattr(control, "on_click", None) is not None
    ]


def spoken(control: BaseControl, around: tuple[BaseControl, ...]) -> bool:
    """Whether a screen reader has words for it: its own, or those of the semantics around it."""
    own = ("label", "tooltip", "semantics_label")
    if any(isinstance(getattr(control, name, None), str) for name in own):
        return True
    if any(isinstance(each, ft.Semantics) and each.label for each in around):
        return True
    return not isinstance(control, FIELDS) and bool(texts_in(control))


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_everything_that_is_tapped_has_a_spoken_name(name: str) -> None:
    async with shown(name) as screen:
        found = tapped(screen)
        assert found
        mute = [control for control, around in found if not spoken(control, around)]
        assert mute == []


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_everything_that_is_tapped_can_be_found_by_a_test(name: str) -> None:
    async with shown(name) as screen:
        nameless = [
            control
            for control, around in tapped(screen)
            if not isinstance(control, ft.FloatingActionButton)
            and not any(isinstance(each, ft.Semantics) and each.identifier for each in around)
        ]
        assert nameless == []


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_nothing_that_is_tapped_is_smaller_than_a_thumb(name: str) -> None:
    async with shown(name) as screen:
        small = [
            (control, control.width, control.height)  # type: ignore[attr-defined]
            for control, _ in tapped(screen)
            if min(getattr(control, "width", None) or TOUCH_PX, TOUCH_PX) < TOUCH_PX
            or min(getattr(control, "height", None) or TOUCH_PX, TOUCH_PX) < TOUCH_PX
        ]
        assert small == []


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_no_two_things_on_a_view_have_one_name(name: str) -> None:
    async with shown(name) as screen:
        for view in screen.views():
            found = (getattr(each, "identifier", None) for each in controls_in(view))
            names = [str(each) for each in found if each and each != "said"]
            assert sorted(set(names)) == sorted(names)


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_every_screen_has_a_heading_to_jump_to(name: str) -> None:
    async with shown(name) as screen:
        headings = [c for c in screen.controls() if isinstance(c, ft.Semantics) and c.header]
        assert headings


@pytest.mark.anyio
@pytest.mark.parametrize("name", PLACES)
async def test_a_picture_that_says_something_says_it_in_words_too(name: str) -> None:
    """A picture stands beside words, inside something with a name, or says its own."""
    async with shown(name) as screen:
        lonely = [
            icon
            for icon, around in placed(screen.page.views)
            if isinstance(icon, ft.Icon | ft.Image | ft.ProgressBar)
            and not getattr(icon, "semantics_label", None)
            and not texts_in(around[-2:])
            and not any(isinstance(each, ft.Semantics) and each.label for each in around)
        ]
        assert lonely == []

"""A desk with something of everything, and the screens that can be made of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from client.services.office.asked import Template
from tests.client.ui.fake import FakeDevice
from tests.client.ui.headless import Window
from tests.client.ui.samples import DAY, NOW, case

Step = Callable[[Window], Awaitable[None]]
ROLE = {("desk", "queue/main")}


def fill(device: FakeDevice, more: int = 6) -> None:
    """Appeals in every state: alike ones, merged ones, late ones, one that desks disagree on."""
    office = device.office
    office.names = ("main", "housing")
    office.put(
        case("a1"),
        case("a2", title="Прорвало трубу у дворі, вода у підвалі", received_at_ms=NOW - DAY),
        case("a3", privileged=True, collective=12, status="registered", number="ЗВ-000003"),
        case("a4", lane="signal", kind="", name="", residence="", category="danger"),
        case("a5", status="returned", number="ЗВ-000005", answered_at_ms=NOW, district="Сади"),
        case("a6", received_at_ms=NOW - 5 * DAY, title="Немає тиску", category="heat"),
        *(case(f"b{n:02}", lane="signal", kind="", title=f"Ліхтар {n}", category="light",
               received_at_ms=NOW - DAY + n * 60_000) for n in range(more)),
    )  # fmt: skip
    office.quarrel("a3", "status", ("registered", "Садова"), ("in_progress", "Кам’янка"))
    office.quarrel("a3", "assignee", ("Петро", "Садова"), ("Ганна", "Кам’янка"))
    office.assign(["a3", "b01"], "Петро")
    office.merge(["a6"], "a1")
    office.note("a1", "Подзвонити зранку")
    office.note("a1", "Не бере слухавку")
    office.reply(["a1"], "Бригада виїхала.")
    office.put_template(Template("Прийнято", "Добрий день, {name}! Ваш номер {number}."))
    office.acts.clear()


def a_desk(more: int = 6) -> FakeDevice:
    """A device of a desk, filled; with so many more signals."""
    device = FakeDevice(ROLE)
    fill(device, more)
    return device


async def _nothing(screen: Window) -> None:
    """As it opens."""


def _tap(*names: str) -> Step:
    async def act(screen: Window) -> None:
        for name in names:
            await screen.click(name)

    return act


async def _filtered(screen: Window) -> None:
    await screen.click("queue-filters")
    await screen.choose("filter-category", "light")
    await screen.choose("filter-lane", "signal")
    await screen.type("filter-received_from_ms", "учора")
    await screen.click("filter-days")


async def _replying(screen: Window) -> None:
    await screen.click("mark-b00")
    await screen.click("mark-b01")
    await screen.click("bulk-reply")
    await screen.click("bulk-next")


async def _sure(screen: Window) -> None:
    await screen.click("mark-b00")
    await screen.click("bulk-assign")
    await screen.type("bulk-name", "Ганна")
    await screen.click("bulk-next")


async def _failed(screen: Window) -> None:
    screen.app.open_services.office.refusing = {"b00": "too_late"}  # type: ignore[attr-defined]
    await _sure(screen)
    await screen.click("bulk-yes")
    await screen.until(lambda: screen.has("failed-b00"))


async def _returning(screen: Window) -> None:
    await screen.choose("desk-status", "returned")
    await screen.click("ask-yes")


async def _assigning(screen: Window) -> None:
    await screen.choose("desk-assign", "*")
    await screen.click("ask-yes")


async def _registering(screen: Window) -> None:
    await screen.type("register-number", "")
    await screen.click("desk-register")


async def _merging(screen: Window) -> None:
    await screen.type("merge-number", "ЗВ-a4")
    await screen.click("merge-find")
    await screen.until(lambda: screen.has("merge-found"))


async def _previewing(screen: Window) -> None:
    await screen.choose("desk-template", "Прийнято")
    await screen.click("desk-preview")
    await screen.click("desk-note")


async def _writing(screen: Window) -> None:
    await screen.click("template-change-0")
    await screen.click("template-forget-0")


SCREENS: dict[str, tuple[str, Step]] = {
    "queue": ("/queue", _nothing),
    "queue, filtered": ("/queue", _filtered),
    "queue, replying to many": ("/queue", _replying),
    "queue, last question": ("/queue", _sure),
    "queue, some failed": ("/queue", _failed),
    "queue, one": ("/queue/a1", _tap("desk-reply")),
    "queue, rivals": ("/queue/a3", _tap("desk-correct")),
    "queue, merged": ("/queue/a6", _nothing),
    "queue, returning": ("/queue/a1", _returning),
    "queue, assigning": ("/queue/a1", _assigning),
    "queue, extending": ("/queue/a1", _tap("desk-extend", "ask-yes")),
    "queue, forwarding": ("/queue/a1", _tap("desk-forward", "ask-yes")),
    "queue, registering": ("/queue/a1", _registering),
    "queue, merging": ("/queue/a1", _merging),
    "queue, previewing": ("/queue/a1", _previewing),
    "queue, templates": ("/queue/templates", _writing),
}
"""By name: the address, and what is done there."""

"""Outages: now and next in words, the coming day as a strip, exceptions on top."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.i18n import Words
from client.i18n.dates import HOUR_MS, ago, moment
from client.services.guide_types import AnnouncementView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.outages import HOURS, OutagesModel, Supply
from client.views.fields import choice, text_field
from client.views.kit import banner, button, card, empty, faint, heading, ident, line, scrolling
from client.views.safe import part
from client.views.theme import BODY, CARD_TITLE, EDGE, GAP, SPACE, STRONG
from shared_schema.records.outage import Stretch

ICONS: Final = {
    "power": ft.Icons.BOLT_OUTLINED,
    "water": ft.Icons.WATER_DROP_OUTLINED,
    "heat": ft.Icons.THERMOSTAT_OUTLINED,
    "gas": ft.Icons.LOCAL_FIRE_DEPARTMENT_OUTLINED,
}
SIGNS: Final = {
    "on": ft.Icons.CHECK_CIRCLE_OUTLINED,
    "off": ft.Icons.CANCEL_OUTLINED,
    "maybe": ft.Icons.HELP_OUTLINE,
    "unknown": ft.Icons.QUESTION_MARK,
}
BY_ADDRESS: Final = "*"
STRIP_PX: Final = 44


@part
def Outages(app: App, model: OutagesModel, clock: ExchangeModel) -> ft.Control:
    """All utilities, for this person's address or queue."""
    text = app.words
    if not model.supplies:
        nothing = empty("outages-empty", ft.Icons.BOLT_OUTLINED, text("outages.empty"),
                        text("outages.empty_hint"))  # fmt: skip
        return scrolling([nothing], key="outages-none", app=app)
    controls: list[ft.Control] = [_address(app, model)]
    for supply in model.supplies:
        controls.append(SupplyCard(app, model, supply, clock, key=supply.utility))
    return scrolling(controls, key="outages", spacing=EDGE, app=app)


@part
def SupplyCard(app: App, model: OutagesModel, supply: Supply, clock: ExchangeModel) -> ft.Control:
    """One utility."""
    text, now = app.words, clock.now_ms
    supply = supply.at(now)
    controls: list[ft.Control] = [
        ft.Row(
            [
                ft.Icon(utility_icon(supply.utility), color=ft.Colors.PRIMARY),
                ft.Semantics(
                    header=True,
                    content=ft.Text(utility_name(text, supply.utility), theme_style=CARD_TITLE),
                    expand=True,
                ),
            ],
            spacing=SPACE,
        ),
        *(_announced(app, each, now) for each in supply.announcements),
        *_now(app, supply, now),
    ]
    if supply.queues:
        controls.append(_queue(app, model, supply))
    controls += _source(app, supply, now)
    content = ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return ident(f"supply-{supply.utility}", card(content))


def supply_line(app: App, supply: Supply, now_ms: int) -> ft.Control:
    """Now and next, in one line."""
    icon, said = utility_icon(supply.utility), _said(app, supply.at(now_ms), now_ms)
    return line(icon, f"{utility_name(app.words, supply.utility)}: {said}")


def utility_icon(utility: str) -> ft.IconData:
    """The picture of a utility."""
    return ICONS.get(utility, ft.Icons.HOME_REPAIR_SERVICE_OUTLINED)


def utility_name(text: Words, utility: str) -> str:
    """Its name; one that this version does not know is shown as it came."""
    key = f"utility.{utility}"
    return text(key) if text.has(key) else utility


def _said(app: App, supply: Supply, now_ms: int) -> str:
    text, now, then = app.words, supply.now, supply.next
    if now is None or (now.supply == "unknown" and then is None):
        asks = supply.schedule is None and supply.queues
        return text("outages.no_queue" if asks else "outages.unknown")
    said = text(f"supply.{now.supply}")
    if then is None:
        return text("outages.all_day", said=said)
    until = moment(text, then.from_ms, now_ms, app.zone)
    return text("outages.until", said=said, time=until, then=text(f"supply.{then.supply}").lower())


def _now(app: App, supply: Supply, now_ms: int) -> list[ft.Control]:
    if not supply.stretches:
        return [ft.Text(_said(app, supply, now_ms))]
    now = supply.stretches[0]
    said = ft.Row(
        [
            ft.Icon(SIGNS[now.supply], size=28, color=ft.Colors.PRIMARY),
            ft.Text(_said(app, supply, now_ms), weight=STRONG, theme_style=CARD_TITLE, expand=True),
        ],
        spacing=GAP,
    )
    named = ident(f"supply-now-{supply.utility}", said, container=True)
    return [named, _strip(app, supply, now_ms), *_list(app, supply, now_ms)]


def _strip(app: App, supply: Supply, now_ms: int) -> ft.Control:
    """The coming day as a bar: dark is off; the list below says the same in words."""
    pieces: list[ft.Control] = [
        ft.Container(
            expand=max(1, (each.until_ms - each.from_ms) // 60_000),
            height=STRIP_PX,
            bgcolor=_colour(each),
            border=ft.Border.all(1, ft.Colors.OUTLINE),
            content=_sign(each),
            alignment=ft.Alignment.CENTER,
        )
        for each in supply.stretches
    ]
    # Four stand side by side at twice the text size too.
    hours = [now_ms + part * HOURS * HOUR_MS // 3 for part in range(4)]
    scale = ft.Row(
        [faint(f"{_clock(app, each)}") for each in hours],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
    )
    bar = ft.Row(pieces, spacing=0)
    column = ft.Column([bar, scale], spacing=4, tight=True)
    label = app.words("outages.strip")
    return ft.Semantics(label=label, image=True, exclude_semantics=True, content=column)


def _colour(stretch: Stretch) -> ft.ColorValue:
    colours = {
        "on": ft.Colors.PRIMARY_CONTAINER,
        "off": ft.Colors.INVERSE_SURFACE,
        "maybe": ft.Colors.TERTIARY_CONTAINER,
    }
    return colours.get(stretch.supply, ft.Colors.SURFACE)


def _sign(stretch: Stretch) -> ft.Control | None:
    if stretch.until_ms - stretch.from_ms < 2 * HOUR_MS:
        return None
    inks = {"off": ft.Colors.ON_INVERSE_SURFACE, "on": ft.Colors.ON_PRIMARY_CONTAINER}
    ink = inks.get(stretch.supply, ft.Colors.ON_SURFACE)
    return ft.Icon(SIGNS[stretch.supply], size=18, color=ink)


def _list(app: App, supply: Supply, now_ms: int) -> list[ft.Control]:
    text = app.words
    lines = []
    for each in supply.stretches[:8]:
        said = text(f"supply.{each.supply}")
        if each.exception:
            said = f"{said} ({each.exception})"
        span = f"{_clock(app, each.from_ms)}–{_clock(app, each.until_ms)}"
        lines.append(line(SIGNS[each.supply], f"{span} {said}"))
    return [ft.Column(lines, spacing=6, tight=True)]


def _announced(app: App, each: AnnouncementView, now_ms: int) -> ft.Control:
    text, told = app.words, each.announced
    start = moment(text, told.from_ms, now_ms, app.zone)
    end = moment(text, told.until_ms, now_ms, app.zone)
    span = text("outages.span", start=start, end=end)
    return banner(
        f"announced-{each.record}",
        f"{told.title}. {span}",
        ft.Icons.CAMPAIGN_OUTLINED,
        bad=told.off,
    )


def _queue(app: App, model: OutagesModel, supply: Supply) -> ft.Control:
    text = app.words
    options = [(BY_ADDRESS, text("outages.by_address"))]
    options += [(queue, queue) for queue in supply.queues]  # a longer name would be cut
    chosen = app.prefs.queues.get(supply.utility, "") or BY_ADDRESS

    def take(queue: str) -> None:
        app.spawn(model.choose_queue(supply.utility, "" if queue == BY_ADDRESS else queue))

    return choice(f"queue-{supply.utility}", text("outages.my_queue"), chosen, options, take)


def _source(app: App, supply: Supply, now_ms: int) -> list[ft.Control]:
    """Whose hours these are, how old the schedule is, and whether it still holds."""
    text, schedule = app.words, supply.schedule
    if schedule is None:
        return []
    queue = text("outages.queue", queue=schedule.queue)
    facts = [f"{queue} · {text(f'outages.how_{supply.how}')}"]
    facts.append(text("outages.changed", ago=ago(text, schedule.changed_at_ms, now_ms, app.zone)))
    said: list[ft.Control] = [faint(" · ".join(facts))]
    if schedule.scheduled.note:
        said.append(faint(schedule.scheduled.note, BODY))
    until = schedule.scheduled.expires_at_ms
    if until and until <= now_ms:
        note = text("outages.stale", time=moment(text, until, now_ms, app.zone))
        said.insert(0, banner(f"stale-{supply.utility}", note, ft.Icons.TIMER_OFF_OUTLINED))
    return said


def _address(app: App, model: OutagesModel) -> ft.Control:
    text = app.words

    def take(words: str) -> None:
        model.address.text = words

    field = text_field(
        "outages-address", text("outages.address"), model.address.text, take,
        helper=text("outages.address_hint"), on_submit=model.choose_address,
    )  # fmt: skip
    show = button("outages-find", text("outages.find"), model.choose_address, ft.Icons.SEARCH,
                  kind=ft.FilledTonalButton)  # fmt: skip
    row = ft.Row([show], alignment=ft.MainAxisAlignment.END)
    content = ft.Column(
        [heading(text("outages.where")), field, row],
        spacing=GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return card(content)


def _clock(app: App, at_ms: int) -> str:
    return moment(app.words, at_ms, at_ms, app.zone)

"""Settings: language, looks, place, data, storage, this device, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from client.services import qr
from client.services.prefs import TEXT_PERCENTS
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.settings import BUDGETS_MB, MB, SettingsModel
from client.views.danger import danger
from client.views.fields import choice, few, segments
from client.views.kit import button, card, faint, heading, ident, line, scrolling, selectable
from client.views.safe import part
from client.views.theme import BODY, EDGE, GAP, SPACE
from client.views.witness import SplitCard

LANGUAGE_NAMES: Final = {"uk": "Українська", "en": "English"}
NOWHERE: Final = "*"
QR_PX: Final = 220


@part
def Settings(app: App, model: SettingsModel, clock: ExchangeModel) -> ft.Control:
    """Everything holds at once; there is nothing to save."""
    controls = [
        SplitCard(app, app.witness),
        _language(app),
        _looks(app),
        _place(app),
        _data(app, clock),
        _storage(app, model),
        *_neighbours(app),
        *_volunteering(app),
        _device(app),
        *danger(app, model),
    ]
    return scrolling(controls, key="settings", spacing=EDGE)


def _section(title: str, controls: list[ft.Control]) -> ft.Control:
    stretch = ft.CrossAxisAlignment.STRETCH
    column = ft.Column([heading(title), *controls], spacing=GAP, horizontal_alignment=stretch)
    return card(column)


def _language(app: App) -> ft.Control:
    options: list[tuple[str, str, ft.IconData | None]] = [
        (code, LANGUAGE_NAMES.get(code, code), None) for code in app.offered
    ]
    title = app.words("settings.language")
    return _section(title, [segments("settings-language", app.language, options, app.speak)])


def _looks(app: App) -> ft.Control:
    text, prefs = app.words, app.prefs
    themes = [(code, text(f"settings.theme_{code}")) for code in ("system", "light", "dark")]
    sizes = [(str(percent), text("settings.percent", n=percent)) for percent in TEXT_PERCENTS]

    def size(percent: str) -> None:
        app.spawn(app.choose(text_percent=int(percent)))

    return _section(
        text("settings.looks"),
        [
            few("settings-text", text("settings.text_size"), str(prefs.text_percent), sizes, size),
            few("settings-theme", text("settings.theme"), prefs.theme,
                   themes, lambda theme: app.spawn(app.choose(theme=theme))),
            switch("settings-contrast", text("settings.contrast"), prefs.contrast,
                   lambda on: app.spawn(app.choose(contrast=on))),
        ],
    )  # fmt: skip


def _place(app: App) -> ft.Control:
    text = app.words
    options = [(NOWHERE, text("settings.no_district"))]
    options += [(name, name) for name in app.open_services.districts]

    def take(district: str) -> None:
        app.spawn(_choose_district(app, "" if district == NOWHERE else district))

    field = choice("settings-district", text("field.district"), app.prefs.district or NOWHERE,
                   options, take)  # fmt: skip
    return _section(text("settings.place"), [field, faint(text("settings.place_hint"), BODY)])


async def _choose_district(app: App, district: str) -> None:
    await app.choose(district=district)
    await app.refresh()


def _data(app: App, clock: ExchangeModel) -> ft.Control:
    text, state = app.words, clock.state
    up, down = (state.bytes_up, state.bytes_down) if state else (0, 0)
    options: list[tuple[str, str]] = [
        ("all", text("settings.data_all")), ("lean", text("settings.data_lean")),
    ]  # fmt: skip
    used = text("settings.session", up=size_words(app, up), down=size_words(app, down))
    return _section(
        text("settings.data"),
        [
            few("settings-data", text("settings.data_use"), app.prefs.data_use, options,
                   lambda use: app.spawn(app.choose(data_use=use))),
            faint(text("settings.data_hint"), BODY),
            ident("settings-session", line(ft.Icons.SWAP_VERT, used)),
        ],
    )  # fmt: skip


def _storage(app: App, model: SettingsModel) -> ft.Control:
    text, usage = app.words, model.usage
    controls: list[ft.Control] = []
    if usage is not None:
        budget = app.prefs.news_budget_bytes
        part_used = min(1.0, usage.news_bytes / budget) if budget else 1.0
        used, room = size_words(app, usage.news_bytes), size_words(app, budget)
        said = text("settings.news_use", n=usage.news_count, size=used, budget=room)
        controls += [
            ft.Text(said),
            ft.Semantics(
                container=True,
                content=ft.ProgressBar(value=part_used, semantics_label=said, bar_height=8),
            ),
            line(ft.Icons.PERSON_OUTLINED,
                 text("settings.own_use", size=size_words(app, usage.own_bytes))),
        ]  # fmt: skip
    sizes = [(str(mb), text("settings.megabytes", n=mb)) for mb in BUDGETS_MB]
    controls.append(
        few("settings-budget", text("settings.budget"),
               str(app.prefs.news_budget_bytes // MB), sizes,
               lambda mb: app.spawn(model.budget(int(mb))))
    )  # fmt: skip
    controls.append(faint(text("settings.budget_hint"), BODY))
    if model.let_go:
        controls.append(ft.Text(text("settings.let_go", n=model.let_go)))
    return _section(text("settings.storage"), controls)


def _neighbours(app: App) -> list[ft.Control]:
    """Two doors that few need and nobody must miss: taking an appeal for somebody, and a slip."""
    text = app.words
    if "collect" not in app.behind:
        return []
    doors: list[ft.Control] = [
        button("settings-collect", text("settings.collect"), lambda: app.go("collect"),
               ft.Icons.HANDSHAKE_OUTLINED, kind=ft.OutlinedButton),
        button("settings-claim", text("settings.claim"), lambda: app.go("claim"),
               ft.Icons.CONFIRMATION_NUMBER_OUTLINED, kind=ft.OutlinedButton),
    ]  # fmt: skip
    return [
        _section(
            text("settings.neighbours"), [faint(text("settings.neighbours_hint"), BODY), *doors]
        )
    ]


def _volunteering(app: App) -> list[ft.Control]:
    """The way to the round, or for a desk to its volunteers: few need it, nobody must miss it."""
    text = app.words
    controls: list[ft.Control] = []
    if "round" in app.behind:
        controls.append(
            button("settings-round", text("nav.round"), lambda: app.go("round"),
                   ft.Icons.DIRECTIONS_WALK, kind=ft.OutlinedButton)
        )  # fmt: skip
    if "volunteers" in app.behind:
        controls.append(
            button("settings-volunteers", text("nav.volunteers"), lambda: app.go("volunteers"),
                   ft.Icons.GROUPS_OUTLINED, kind=ft.OutlinedButton)
        )  # fmt: skip
    if not controls:
        return []
    hint = faint(text("settings.volunteer_hint"), BODY)
    return [_section(text("settings.volunteer"), [hint, ft.Row(controls, wrap=True)])]


def _device(app: App) -> ft.Control:
    text, device = app.words, app.open_services.own.device_id
    picture = ft.Image(
        qr.picture(device), width=QR_PX, height=QR_PX, semantics_label=text("settings.device_qr"),
        gapless_playback=True,
    )  # fmt: skip
    shown = ft.Container(picture, bgcolor=ft.Colors.WHITE, padding=SPACE, border_radius=8)
    named = selectable(ft.Text(device, font_family="monospace"), "settings-device")
    return _section(
        text("settings.device"),
        [ft.Row([shown], wrap=True), named, faint(text("settings.device_hint"), BODY)],
    )


def switch(name: str, label: str, on: bool, take: Callable[[bool], object]) -> ft.Control:
    """On or off, with its words beside it."""
    # As high as a thumb; by itself it is so on phones only.
    around = ft.Padding.symmetric(vertical=4, horizontal=4)
    control = ft.Switch(value=on, data=take, padding=around)
    row = ft.Row(
        [ft.Text(label, expand=True), ft.MergeSemantics(ident(name, control, label))],
        spacing=GAP,
    )
    return row


def size_words(app: App, count: int) -> str:
    """Bytes as people speak of them."""
    text = app.words
    for unit, size in (("mb", MB), ("kb", 1024)):
        if count >= size:
            number = f"{count / size:.1f}".replace(".", text("number.point"))
            return text(f"size.{unit}", n=number)
    return text("size.b", n=str(count))

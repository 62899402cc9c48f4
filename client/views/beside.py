"""Handing over to whoever stands beside: codes, Wi-Fi, a file, and how it went."""

from __future__ import annotations

from functools import partial

import flet as ft

from client.services import qr
from client.viewmodels.app import App
from client.viewmodels.beside import BesideModel, CodesModel
from client.views.fields import text_field
from client.views.kit import (
    banner,
    button,
    card,
    faint,
    heading,
    line,
    scrolling,
    selectable,
    wrapped,
)
from client.views.safe import part
from client.views.scanning import ScanPanel
from client.views.theme import BODY, GAP, SPACE

CODE_PX = 320
ADDRESS_PX = 220


@part
def BesideRoom(app: App, model: BesideModel) -> ft.Control:
    """The whole room."""
    controls: list[ft.Control] = [
        faint(app.words("beside.intro"), BODY),
        _done(app, model),
        _scanning(app, model),
        Codes(app, model, model.codes, key="codes"),
        Wifi(app, model, key="wifi"),
        _files(app, model),
    ]
    return scrolling(controls, key="beside")


@part
def Codes(app: App, model: BesideModel, codes: CodesModel) -> ft.Control:
    """A code, or one after the other."""
    text = app.words
    shown = bool(codes.picture)
    controls: list[ft.Control] = [heading(text("beside.codes"))]
    if not shown:
        controls.append(faint(text("beside.codes_hint"), BODY))
    if codes.nothing:
        controls.append(line(ft.Icons.CHECK, text("beside.nothing_to_show")))
    if shown:
        controls.append(_picture(codes.picture, CODE_PX, text("beside.code_label")))
        if codes.pieces > 1:
            controls.append(faint(text("beside.codes_turn", n=codes.pieces), BODY))
    if shown and codes.parts > 1:
        told = text("beside.part", part=codes.part + 1, parts=codes.parts)
        controls.append(ft.Text(told))
    if shown and codes.left_out:
        controls.append(faint(text("beside.left_out"), BODY))
    controls.append(wrapped(_code_acts(app, model, codes)))
    return card(ft.Column(controls, spacing=GAP))


def _code_acts(app: App, model: BesideModel, codes: CodesModel) -> list[ft.Control]:
    text = app.words
    if not codes.picture:
        return [
            button("beside-codes", text("beside.show_codes"),
                   lambda: app.spawn(model.show_codes()), ft.Icons.QR_CODE_2),
        ]  # fmt: skip
    acts = [
        button("beside-codes", text("beside.hide_codes"), model.hide_codes, ft.Icons.CLOSE,
               kind=ft.OutlinedButton),
    ]  # fmt: skip
    if codes.parts > 1:
        following = codes.part + 1
        acts.append(
            button("beside-next", text("beside.next_part"),
                   lambda: app.spawn(model.show_codes(following)), ft.Icons.ARROW_FORWARD)
        )  # fmt: skip
    return acts


@part
def Wifi(app: App, model: BesideModel) -> ft.Control:
    """The door, whose doors are open, and a field for an address."""
    text = app.words
    controls: list[ft.Control] = [heading(text("beside.wifi"))]
    if model.address:
        code = qr.picture(model.address_for_qr)
        controls += [
            faint(text("beside.open_hint"), BODY),
            _picture(code, ADDRESS_PX, text("beside.address_label")),
            selectable(ft.Text(model.address, font_family="monospace"), "beside-address"),
            line(ft.Icons.PEOPLE_OUTLINE, text("beside.visits", n=model.visits)),
            wrapped([button("beside-door", text("beside.shut"),
                            lambda: app.spawn(model.shut_door()), ft.Icons.CLOSE,
                            kind=ft.OutlinedButton)]),
        ]  # fmt: skip
        return card(ft.Column(controls, spacing=GAP))
    controls += [
        faint(text("beside.wifi_hint"), BODY),
        wrapped(
            [
                button("beside-door", text("beside.open"), model.open_door, ft.Icons.WIFI_TETHERING,
                       disabled=model.busy),
                button("beside-look", text("beside.look"), model.look, ft.Icons.SEARCH,
                       kind=ft.OutlinedButton, disabled=model.busy),
            ]
        ),
        *_found(app, model),
        *_typed(app, model),
    ]  # fmt: skip
    return card(ft.Column(controls, spacing=GAP))


def _found(app: App, model: BesideModel) -> list[ft.Control]:
    if model.found is None:
        return []
    if not model.found:
        return [line(ft.Icons.SEARCH_OFF, app.words("beside.nobody"))]
    return [
        button(f"beside-found-{n}", app.words("beside.visit_found", n=n + 1),
               partial(model.visit, each), ft.Icons.DEVICES, kind=ft.FilledTonalButton)
        for n, each in enumerate(model.found)
    ]  # fmt: skip


def _typed(app: App, model: BesideModel) -> list[ft.Control]:
    def typed(value: str) -> None:
        model.typed.text = value

    field = text_field(
        "beside-typed", app.words("beside.typed"), model.typed.text, typed,
        key=f"beside-typed-{model.forms}", autocorrect=False, multiline=True, max_lines=4,
    )  # fmt: skip
    act = button("beside-visit", app.words("beside.visit"), lambda: app.spawn(model.visit()),
                 ft.Icons.SYNC_ALT, kind=ft.OutlinedButton, disabled=model.busy)  # fmt: skip
    return [field, wrapped([act])]


def _files(app: App, model: BesideModel) -> ft.Control:
    text = app.words
    share = button("beside-share", text("beside.share"), model.share_files, ft.Icons.SHARE,
                   disabled=model.busy)  # fmt: skip
    acts = wrapped(
        [
            *([share] if app.phone.can_share else []),
            button("beside-save", text("beside.save"), model.save_files, ft.Icons.SAVE_ALT,
                   kind=ft.OutlinedButton, disabled=model.busy),
            button("beside-load", text("beside.load"), model.load_file, ft.Icons.FILE_OPEN_OUTLINED,
                   kind=ft.OutlinedButton, disabled=model.busy),
        ]
    )  # fmt: skip
    controls = [heading(text("beside.file")), faint(text("beside.file_hint"), BODY), acts]
    return card(ft.Column(controls, spacing=GAP))


def _scanning(app: App, model: BesideModel) -> ft.Control:
    if not app.scan.possible:
        return ft.Container(height=0)
    panel = ScanPanel(app, app.scan, "beside", model.scan, key="scan")
    hint = faint(app.words("beside.scan_hint"), BODY)
    title = heading(app.words("beside.scan"))
    return card(ft.Column([title, hint, panel], spacing=GAP))


def _done(app: App, model: BesideModel) -> ft.Control:
    if model.busy:
        return banner("beside-busy", app.words("beside.busy"), ft.Icons.HOURGLASS_EMPTY)
    if not model.done:
        return ft.Container(height=0)
    told = "\n".join(app.words(key, n=n) for key, n in model.done)
    return banner("beside-done", told, ft.Icons.SYNC_ALT)


def _picture(code: bytes, size: int, label: str) -> ft.Control:
    picture = ft.Image(
        code, width=size, height=size, semantics_label=label, gapless_playback=True,
        filter_quality=ft.FilterQuality.NONE,
    )  # fmt: skip
    shown = ft.Container(picture, bgcolor=ft.Colors.WHITE, padding=SPACE, border_radius=8)
    return ft.Row([shown], wrap=True, alignment=ft.MainAxisAlignment.CENTER)

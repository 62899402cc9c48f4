"""The panel that every room with a code has: a button, and behind it the camera."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.phone import Camera
from client.viewmodels.scanning import ScanModel
from client.views.kit import banner, button, faint, ident, line, wrapped
from client.views.safe import part, still
from client.views.theme import BODY, GAP, RADIUS

PREVIEW_PX: Final = 300


@part
def ScanPanel(app: App, scan: ScanModel, room: str, begin: Callable[[], None]) -> ft.Control:
    """Nothing on a device that cannot have a camera: typing and pasting stand beside it."""
    if not scan.possible:
        return ft.Container(height=0)
    here = scan.room == room
    on = here and scan.camera is not None
    controls = _on(app, scan) if on else [_begin(app, begin)]
    if here and scan.problem:
        said = app.words(scan.problem)
        controls.append(banner("scan-problem", said, ft.Icons.NO_PHOTOGRAPHY_OUTLINED, bad=True))
    return ft.Column(
        controls, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _begin(app: App, begin: Callable[[], None]) -> ft.Control:
    act = button("scan-open", app.words("scan.open"), begin, ft.Icons.QR_CODE_SCANNER,
                 kind=ft.FilledTonalButton)  # fmt: skip
    return wrapped([act])


def _on(app: App, scan: ScanModel) -> list[ft.Control]:
    text = app.words
    controls = [Preview(app, scan.camera, key="preview")]
    if not scan.seeing:
        controls.append(faint(text("scan.starting"), BODY))
    elif scan.needed:
        controls.append(_progress(app, scan))
    else:
        controls.append(faint(text("scan.point"), BODY))
    if scan.hint:
        controls.append(banner("scan-hint", text(scan.hint), ft.Icons.INFO_OUTLINE))
    close = button("scan-close", text("scan.close"), scan.leave, ft.Icons.CLOSE,
                   kind=ft.OutlinedButton)  # fmt: skip
    return [*controls, wrapped([close])]


@still(lambda app, camera: app.language)
def Preview(app: App, camera: Camera) -> ft.Control:
    """What the camera sees. Drawn once: the control must stay where it was put to be spoken to."""
    shown = camera.control
    assert isinstance(shown, ft.Control)
    box = ft.Container(
        shown, height=PREVIEW_PX, border_radius=RADIUS, bgcolor=ft.Colors.BLACK,
        alignment=ft.Alignment.CENTER, clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )  # fmt: skip
    return ident("scan-preview", box, app.words("scan.preview"), image=True)


def _progress(app: App, scan: ScanModel) -> ft.Control:
    said = app.words("scan.progress", have=scan.have, n=scan.needed)
    bar = ft.ProgressBar(value=scan.have / scan.needed, semantics_label=said)
    shown = ft.Column([bar, line(ft.Icons.DOWNLOADING, said)], spacing=GAP, tight=True)
    return ident("scan-progress", shown)

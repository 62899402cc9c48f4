"""The buttons that make a file; where it names people, with the plain truth before it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.reports.saving import Saver
from client.views.kit import banner, button, card, wrapped
from client.views.theme import GAP, STRONG


class File(NamedTuple):
    """A file that can be made: its name, what the button says, and what makes it."""

    name: str
    label: str
    make: Callable[[], bytes]
    private: bool = False
    """Names people: what is in it is open to whoever gets it."""
    truth: str = "reports.private"
    """The text that says so, beside its title."""


def save_buttons(
    app: App, saver: Saver, files: Sequence[File], before: Sequence[ft.Control] = ()
) -> ft.Control:
    """A button a file after other buttons, and what has to be said of the files."""
    buttons = [*before, *(_button(app, saver, file) for file in files)]
    controls: list[ft.Control] = [wrapped(buttons)]
    asked = next((file for file in files if file.name == saver.asking), None)
    if asked is not None:
        controls.append(_warning(app, saver, asked))
    if saver.saved in [file.name for file in files]:
        said = app.words("reports.saved", name=saver.saved)
        controls.append(banner("file-saved", said, ft.Icons.DOWNLOAD_DONE))
    return ft.Column(controls, spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _button(app: App, saver: Saver, file: File) -> ft.Control:
    going = saver.busy == file.name

    async def act() -> None:
        if file.private:
            saver.ask(file.name)
        else:
            await saver.save(file.name, file.make)

    label = app.words("reports.making") if going else file.label
    return button(f"save-{file.name}", label, act, ft.Icons.DOWNLOAD_OUTLINED,
                  kind=ft.FilledTonalButton, disabled=bool(saver.busy))  # fmt: skip


def _warning(app: App, saver: Saver, file: File) -> ft.Control:
    """What is in the file, before it is written in clear to a place that nobody here protects."""
    text = app.words
    acts = wrapped(
        [
            button("save-yes", text("reports.save_yes"), partial(saver.save, file.name, file.make),
                   ft.Icons.DOWNLOAD_OUTLINED),
            button("save-no", text("common.cancel"), saver.cancel, kind=ft.TextButton),
        ]
    )  # fmt: skip
    said = ft.Column(
        [ft.Text(text(f"{file.truth}_title"), weight=STRONG), ft.Text(text(file.truth))],
        spacing=4,
    )
    content = ft.Column([said, acts], spacing=GAP)
    return ft.Semantics(
        identifier="save-warning", container=True, live_region=True,
        content=card(content, bgcolor=ft.Colors.SURFACE_CONTAINER_HIGH),
    )  # fmt: skip

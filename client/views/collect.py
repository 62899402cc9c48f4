"""Taking an appeal at a door: large type, few questions, read aloud, then the slip."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import flet as ft

from client.services import qr
from client.services.doorstep.page import PAGE_NAME
from client.viewmodels.app import App
from client.viewmodels.collect import CollectModel
from client.viewmodels.reports.saving import Saver
from client.views.fields import choice, problem_text, segments, text_field
from client.views.kit import (
    banner,
    button,
    card,
    faint,
    heading,
    ident,
    line,
    scrolling,
    toggle,
    wrapped,
)
from client.views.reports.saving import File, save_buttons
from client.views.safe import part
from client.views.states import category_icon, category_name
from client.views.theme import BIG_TITLE, BODY, EDGE, GAP, HEADLINE, READING, SPACE, STRONG
from client.views.write import URGENT

QR_PX: Final = 260
WORD_PX: Final = 150
"""A word of the slip with its number; it grows with the text."""


@part
def Collect(app: App, model: CollectModel, saver: Saver) -> ft.Control:
    """The questions, the reading back, or the slip."""
    if model.step == "slip":
        return _slip(app, model, saver)
    if model.step == "read":
        return _read(app, model)
    return _form(app, model)


def _form(app: App, model: CollectModel) -> ft.Control:
    text = app.words
    lanes: list[tuple[str, str, ft.IconData | None]] = [
        ("appeal", text("collect.named"), ft.Icons.BADGE_OUTLINED),
        ("signal", text("collect.nameless"), ft.Icons.BOLT_OUTLINED),
    ]
    chips = [
        toggle(f"collect-category-{code}", category_name(text, code),
               partial(model.choose_category, code), category_icon(code),
               chosen=model.category == code)
        for code in URGENT
    ]  # fmt: skip
    controls: list[ft.Control] = [
        ft.Text(text("collect.hint"), theme_style=READING),
        _field(app, model, "text", multiline=True, min_lines=4, max_lines=10),
        wrapped(chips),
        _field(app, model, "address"),
        *_district(app, model),
        segments("collect-lane", model.lane, lanes, model.choose_lane),  # type: ignore[arg-type]
    ]
    if model.lane == "appeal":
        controls += [_field(app, model, field) for field in ("name", "residence", "contact")]
    if model.problems:
        controls.append(banner("collect-problem", text("check.form"), ft.Icons.EDIT_NOTE, bad=True))
    controls += [
        line(ft.Icons.LOCK_OUTLINED, text("collect.no_draft")),
        button("collect-read", text("collect.read"), model.read_back, ft.Icons.ARROW_FORWARD),
    ]
    return scrolling(controls, key=f"collect-{model.form}", spacing=EDGE)


def _field(app: App, model: CollectModel, field: str, **more: Any) -> ft.Control:
    text = app.words
    problem = problem_text(text, model.problems, field)
    label = text(f"collect.{field}")
    return text_field(
        f"collect-{field}", label, model.text(field), model.typed(field), problem, **more
    )


def _district(app: App, model: CollectModel) -> list[ft.Control]:
    districts = [(name, name) for name in app.open_services.districts]
    if not districts:
        return []
    label, value = app.words("field.district"), model.text("district")
    return [choice("collect-district", label, value, districts, model.typed("district"))]


def _read(app: App, model: CollectModel) -> ft.Control:
    """In large type, to be read aloud; the resident says yes."""
    text = app.words
    where = ", ".join(filter(None, (model.text("address"), model.text("district"))))
    facts: list[ft.Control] = [
        ft.Text(model.text("text"), theme_style=HEADLINE),
        line(category_icon(model.category), category_name(text, model.category or "other")),
    ]
    if where:
        facts.append(ft.Text(where, theme_style=BIG_TITLE))
    if model.lane == "appeal":
        facts += [
            ft.Text(model.text(field), theme_style=BIG_TITLE)
            for field in ("name", "residence", "contact")
        ]
    controls: list[ft.Control] = [
        heading(text("collect.read_aloud")),
        ident("collect-said", card(ft.Column(facts, spacing=GAP))),
        line(ft.Icons.LOCK_OUTLINED, text("collect.sealed")),
        button("collect-save", text("collect.confirm"), model.save, ft.Icons.CHECK,
               disabled=model.busy),
        button("collect-edit", text("write.edit"), model.edit, ft.Icons.EDIT_OUTLINED,
               kind=ft.OutlinedButton),
    ]  # fmt: skip
    return scrolling(controls, key="collect-read", spacing=EDGE)


def _slip(app: App, model: CollectModel, saver: Saver) -> ft.Control:
    """The nine words and the code: to be written down, photographed, or printed when asked."""
    text, slip = app.words, model.slip
    assert slip is not None
    words = [_word(at, word) for at, word in enumerate(slip.words, 1)]
    picture = ft.Image(
        qr.drawn(slip.qr), width=QR_PX, height=QR_PX, semantics_label=text("collect.qr"),
        gapless_playback=True,
    )  # fmt: skip
    shown = ft.Container(picture, bgcolor=ft.Colors.WHITE, padding=SPACE, border_radius=8)
    printable = File(
        PAGE_NAME, text("collect.print"), model.page, private=True, truth="collect.print_open"
    )
    controls: list[ft.Control] = [
        ident("collect-saved", ft.Text(text("collect.slip"), theme_style=HEADLINE),
              live_region=True),
        *_again(app, model),
        ft.Text(text("collect.slip_hint"), theme_style=READING),
        ident("collect-words", card(ft.Row(words, wrap=True, spacing=GAP, run_spacing=GAP))),
        ft.Row([shown], alignment=ft.MainAxisAlignment.CENTER),
        banner("collect-warning", text("collect.slip_once"), ft.Icons.WARNING_AMBER),
        save_buttons(app, saver, [printable]),
        button("collect-handed", text("collect.handed"), model.handed_over, ft.Icons.CHECK),
        faint(text("collect.handed_hint"), BODY),
    ]  # fmt: skip
    return scrolling(controls, key="collect-slip", spacing=EDGE)


def _again(app: App, model: CollectModel) -> list[ft.Control]:
    if not model.again:
        return []
    return [banner("collect-again", app.words("collect.again"), ft.Icons.RESTART_ALT)]


def _word(place: int, word: str) -> ft.Control:
    said = ft.Text(f"{place}. {word}", theme_style=HEADLINE, weight=STRONG)
    return ft.Semantics(container=True, content=said)

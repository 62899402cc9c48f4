"""Writing to the city: signal or appeal, the form, and the honest word after saving."""

from __future__ import annotations

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.write import WriteModel
from client.views.fields import choice, problem_text, segments, text_field
from client.views.kit import banner, button, card, faint, scrolling, sized
from client.views.safe import part
from client.views.states import category_name
from client.views.theme import GAP, SPACE
from shared_schema.records.appeal import APPEAL_KINDS, CATEGORIES


@part
def WriteForm(app: App, model: WriteModel) -> ft.Control:
    """The form, or what became of it."""
    if model.saved is not None:
        return _saved(app, model)
    text = app.words
    controls = [_lane(app, model), *_wording(app, model)]
    if model.lane == "appeal":
        controls += _person(app, model)
    if model.problems:
        controls.append(banner("form-problem", text("check.form"), ft.Icons.EDIT_NOTE, bad=True))
    controls += [
        ft.Row(
            [
                ft.Icon(ft.Icons.LOCK_OUTLINED, size=18, color=ft.Colors.ON_SURFACE_VARIANT),
                faint(text("write.sealed"), expand=True),
            ],
            spacing=SPACE,
        ),
        sized(app, _save_button(app, model)),
    ]
    return scrolling(controls, key="write", spacing=16)


def _save_button(app: App, model: WriteModel) -> ft.Control:
    label = app.words("write.save")
    return button("write-save", label, model.save, ft.Icons.SEND_OUTLINED, disabled=model.busy)


def _lane(app: App, model: WriteModel) -> ft.Control:
    text = app.words
    options: list[tuple[str, str, ft.IconData | None]] = [
        ("signal", text("lane.signal"), ft.Icons.BOLT_OUTLINED),
        ("appeal", text("lane.appeal"), ft.Icons.BADGE_OUTLINED),
    ]
    choose = segments("write-lane", model.lane, options, model.choose_lane)  # type: ignore[arg-type]
    return card(
        ft.Column(
            [choose, ft.Text(text(f"lane.{model.lane}_hint"))],
            spacing=GAP,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


def _wording(app: App, model: WriteModel) -> list[ft.Control]:
    text = app.words
    categories = [(code, category_name(text, code)) for code in CATEGORIES]
    districts = [(name, name) for name in app.open_services.districts]
    controls = [
        _field(app, model, "title"),
        _field(app, model, "text", multiline=True, min_lines=4, max_lines=10),
        choice("write-category", text("field.category"), model.text("category"), categories,
               model.typed("category")),
        _field(app, model, "address", helper=text("field.address_hint")),
    ]  # fmt: skip
    if districts:
        controls.append(
            choice("write-district", text("field.district"), model.text("district"), districts,
                   model.typed("district"))
        )  # fmt: skip
    return controls


def _person(app: App, model: WriteModel) -> list[ft.Control]:
    text = app.words
    kinds: list[tuple[str, str]] = [(kind, text(f"kind.{kind}")) for kind in APPEAL_KINDS]
    return [
        choice("write-kind", text("kind.label"), model.kind, kinds, model.choose_kind),  # type: ignore[arg-type]
        _field(app, model, "name"),
        _field(app, model, "contact", helper=text("field.contact_hint")),
    ]


def _field(app: App, model: WriteModel, field: str, **more: object) -> ft.Control:
    text = app.words
    problem = problem_text(text, model.problems, field)
    label, value = text(f"field.{field}"), model.text(field)
    return text_field(f"write-{field}", label, value, model.typed(field), problem, **more)


def _saved(app: App, model: WriteModel) -> ft.Control:
    """Shown after the commit, never before; it promises nothing that has not happened."""
    text, saved = app.words, model.saved
    assert saved is not None
    done = ft.Column(
        [
            ft.Icon(ft.Icons.SMARTPHONE_OUTLINED, size=48, color=ft.Colors.PRIMARY),
            ft.Semantics(
                identifier="write-saved",
                live_region=True,
                content=ft.Text(
                    text("write.saved"),
                    theme_style=ft.TextThemeStyle.HEADLINE_SMALL,
                    text_align=ft.TextAlign.CENTER,
                ),
            ),
            ft.Text(saved.title, text_align=ft.TextAlign.CENTER),
            faint(text("write.saved_hint"), size=14, text_align=ft.TextAlign.CENTER),
            ft.Container(height=SPACE),
            button(
                "write-open", text("write.open_saved"),
                lambda: app.go("appeals", saved.record), ft.Icons.FORUM_OUTLINED,
            ),
            button("write-again", text("write.another"), model.again, kind=ft.TextButton),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=GAP,
    )  # fmt: skip
    return scrolling([ft.Container(card(done, padding=24), padding=8)], key="write-done")

"""Writing to the city: signal or appeal, the form, the review, and the honest word after saving."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import flet as ft

from client.viewmodels.app import App
from client.viewmodels.write import WriteModel
from client.views.fields import choice, few, problem_text, segments, text_field
from client.views.kit import banner, button, card, faint, heading, line, scrolling, toggle, wrapped
from client.views.safe import part
from client.views.states import category_icon, category_name
from client.views.theme import BODY, GAP, HEADLINE, SPACE
from client.views.thread import position_words
from shared_schema.records.appeal import APPEAL_KINDS, CATEGORIES

URGENT: Final = CATEGORIES[:6]
"""In sight at once; what people write about in the dark."""


@part
def WriteForm(app: App, model: WriteModel) -> ft.Control:
    """The form, the review, or what became of it."""
    if model.step == "saved":
        return _saved(app, model)
    if model.step == "review":
        return _review(app, model)
    return _form(app, model)


def _form(app: App, model: WriteModel) -> ft.Control:
    text = app.words
    controls: list[ft.Control] = [*_what_it_is(app, model)]
    if model.purpose != "amend":
        controls.append(_lane(app, model))
    controls += [*_category(app, model), *_wording(app, model), *_place(app, model)]
    if model.lane == "appeal" and model.purpose != "amend":
        controls += _person(app, model)
    if model.problems:
        controls.append(banner("form-problem", text("check.form"), ft.Icons.EDIT_NOTE, bad=True))
    controls.append(faint(text("write.autosaved")))
    controls.append(
        button("write-review", text("write.review"), model.review, ft.Icons.ARROW_FORWARD)
    )
    return scrolling(controls, key=f"write-{model.form}", spacing=16)


def _what_it_is(app: App, model: WriteModel) -> list[ft.Control]:
    text = app.words
    if model.purpose == "amend":
        return [banner("write-amend", text("write.amending"), ft.Icons.EDIT_OUTLINED)]
    if model.purpose == "again":
        return [banner("write-resend", text("write.sending_again"), ft.Icons.EDIT_OUTLINED)]
    if model.resumed:
        said = banner("write-draft", text("write.resumed"), ft.Icons.EDIT_NOTE)
        anew = button("write-discard", text("write.discard"), model.discard,
                      ft.Icons.DELETE_OUTLINE, kind=ft.TextButton)  # fmt: skip
        return [said, ft.Row([anew], wrap=True)]
    return []


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


def _category(app: App, model: WriteModel) -> list[ft.Control]:
    """The urgent topics first, the others one tap away."""
    text = app.words
    shown = CATEGORIES if model.all_categories else URGENT
    if model.category and model.category not in shown:
        shown = (*shown, model.category)
    chips = [
        toggle(f"category-{code}", category_name(text, code),
               partial(model.choose_category, code), category_icon(code),
               chosen=model.category == code)
        for code in shown
    ]  # fmt: skip
    if not model.all_categories:
        chips.append(button("category-more", text("write.more_categories"), model.show_categories,
                            ft.Icons.EXPAND_MORE, kind=ft.TextButton))  # fmt: skip
    controls: list[ft.Control] = [heading(text("write.about")), wrapped(chips)]
    if model.category == "danger":
        controls.append(banner("write-danger", text("write.danger"), ft.Icons.CALL, bad=True))
    return controls


def _wording(app: App, model: WriteModel) -> list[ft.Control]:
    return [
        _field(app, model, "title"),
        _field(app, model, "text", multiline=True, min_lines=4, max_lines=10),
    ]


def _place(app: App, model: WriteModel) -> list[ft.Control]:
    text = app.words
    controls = [
        heading(text("write.where")),
        _field(app, model, "address", helper=text("field.address_hint")),
    ]
    if model.purpose == "amend":
        return controls
    districts = [(name, name) for name in app.open_services.districts]
    if districts:
        controls.append(
            choice("write-district", text("field.district"), model.text("district"), districts,
                   model.typed("district"))
        )  # fmt: skip
    if model.position is None:
        here = button("write-here", text("write.near_me"), model.locate, ft.Icons.MY_LOCATION,
                      kind=ft.TextButton, disabled=model.locating)  # fmt: skip
        hint = faint(text("write.near_me_hint"))
        controls.append(ft.Column([ft.Row([here], wrap=True), hint], spacing=0))
    else:
        drop = button("write-no-position", text("write.no_position"), model.drop_position,
                      kind=ft.TextButton)  # fmt: skip
        said = line(ft.Icons.MY_LOCATION, position_words(text, model.position))
        controls.append(ft.Column([said, ft.Row([drop], wrap=True)], spacing=0))
    return controls


def _person(app: App, model: WriteModel) -> list[ft.Control]:
    text = app.words
    kinds: list[tuple[str, str]] = [(kind, text(f"kind.{kind}")) for kind in APPEAL_KINDS]
    return [
        heading(text("write.who")),
        few("write-kind", text("kind.label"), model.kind, kinds, model.choose_kind),  # type: ignore[arg-type]
        _field(app, model, "name"),
        _field(app, model, "residence", helper=text("field.residence_hint")),
        _field(app, model, "contact", helper=text("field.contact_hint")),
    ]


def _field(app: App, model: WriteModel, field: str, **more: Any) -> ft.Control:
    text = app.words
    problem = problem_text(text, model.problems, field)
    label, value = text(f"field.{field}"), model.text(field)
    return text_field(f"write-{field}", label, value, model.typed(field), problem, **more)


def _review(app: App, model: WriteModel) -> ft.Control:
    """Everything once more, and who will be able to read it, before it is saved."""
    text = app.words
    kind = text(f"lane.{model.lane}")
    if model.lane == "appeal":
        kind = f"{kind} · {text(f'kind.{model.kind}')}"
    facts: list[ft.Control] = [
        ft.Text(model.text("title"), theme_style=HEADLINE),
        ft.Text(model.text("text")),
        line(category_icon(model.category), category_name(text, model.category or "other")),
        line(ft.Icons.ARTICLE_OUTLINED, kind),
    ]
    where = ", ".join(filter(None, (model.text("address"), model.text("district"))))
    if where:
        facts.append(line(ft.Icons.PLACE_OUTLINED, where))
    if model.position is not None:
        facts.append(line(ft.Icons.MY_LOCATION, position_words(text, model.position)))
    if model.lane == "appeal" and model.purpose != "amend":
        person = (("name", ft.Icons.PERSON_OUTLINED), ("residence", ft.Icons.HOME_OUTLINED),
                  ("contact", ft.Icons.CALL_OUTLINED))  # fmt: skip
        facts += [line(icon, model.text(field)) for field, icon in person]
    save = "write.save_amended" if model.purpose == "amend" else "write.save"
    controls: list[ft.Control] = [
        heading(text("write.check")),
        card(ft.Column(facts, spacing=GAP)),
        _readers(app, model),
        button("write-save", text(save), model.save, ft.Icons.SEND_OUTLINED, disabled=model.busy),
        button("write-edit", text("write.edit"), model.edit, ft.Icons.EDIT_OUTLINED,
               kind=ft.OutlinedButton),
    ]  # fmt: skip
    return scrolling(controls, key="review", spacing=16)


def _readers(app: App, model: WriteModel) -> ft.Control:
    text = app.words
    lines: list[ft.Control] = [
        heading(text("write.readers")),
        line(ft.Icons.LOCK_OPEN_OUTLINED, text("write.readers_yes")),
        line(ft.Icons.LOCK_OUTLINED, text("write.readers_no")),
        line(ft.Icons.INFO_OUTLINE, text(f"write.readers_{model.lane}")),
    ]
    return card(ft.Column(lines, spacing=GAP))


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
                    text("write.saved"), theme_style=HEADLINE, text_align=ft.TextAlign.CENTER
                ),
            ),
            ft.Text(saved.title, text_align=ft.TextAlign.CENTER),
            faint(text("write.saved_hint"), BODY, text_align=ft.TextAlign.CENTER),
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

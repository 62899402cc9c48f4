"""A slip's words, and the thread that they open for as long as one stays."""

from __future__ import annotations

import flet as ft

from client.services.types import AppealView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.claim import ClaimModel
from client.views.fields import text_field
from client.views.kit import banner, button, card, empty, faint, line, scrolling, wrapped
from client.views.safe import part
from client.views.scanning import ScanPanel
from client.views.theme import BODY, EDGE, GAP, READING
from client.views.thread import details, history, receipt, talk, thread_head


@part
def Claim(app: App, model: ClaimModel, clock: ExchangeModel) -> ft.Control:
    """The question for the words, or what they open."""
    if model.claimed is None:
        return _ask(app, model)
    if not model.views:
        return _nothing(app, model)
    return _thread(app, model, model.views[0], clock.now_ms)


def _ask(app: App, model: ClaimModel) -> ft.Control:
    text = app.words

    def typed(words: str) -> None:
        model.words.text = words

    controls: list[ft.Control] = [
        ft.Text(text("claim.hint"), theme_style=READING),
        ScanPanel(app, app.scan, "claim", model.scan, key="scan"),
        text_field("claim-words", text("claim.words"), model.words.text, typed, multiline=True,
                   min_lines=3, max_lines=6, helper=text("claim.words_hint"), autocorrect=False),
    ]  # fmt: skip
    if model.problem:
        said = text(model.problem, **model.problem_values)
        controls.append(banner("claim-problem", said, ft.Icons.EDIT_NOTE, bad=True))
    if model.busy:
        controls.append(ft.ProgressBar(semantics_label=text("claim.open")))
    controls += [
        button("claim-open", text("claim.open"), model.open, ft.Icons.LOCK_OPEN,
               disabled=model.busy),
        line(ft.Icons.LOCK_OUTLINED, text("claim.forgotten")),
    ]  # fmt: skip
    return scrolling(controls, key="claim", spacing=EDGE)


def _nothing(app: App, model: ClaimModel) -> ft.Control:
    text = app.words
    hint = text("claim.nothing_hint")
    controls = [
        empty("claim-nothing", ft.Icons.HOURGLASS_EMPTY, text("claim.nothing"), hint),
        *_acts(app, model, adopt=False),
    ]
    return scrolling(controls, key="claim-nothing", spacing=EDGE)


def _thread(app: App, model: ClaimModel, item: AppealView, now_ms: int) -> ft.Control:
    text = app.words

    def typed(words: str) -> None:
        model.comment_text.text = words

    controls: list[ft.Control] = [
        *thread_head(app, item),
        *talk(app, item.said, now_ms, for_desk=False),
        receipt(app, item, now_ms),
        *history(app, item.history, now_ms),
        details(app, item),
    ]
    if not item.withdrawn and item.state != "refused":
        controls += [
            text_field("claim-comment", text("appeals.your_comment"), model.comment_text.text,
                       typed, multiline=True, min_lines=1, max_lines=6),
            button("claim-send", text("appeals.send"), model.comment, ft.Icons.ADD_COMMENT,
                   kind=ft.FilledTonalButton),
        ]  # fmt: skip
    controls += _acts(app, model, adopt=True)
    return scrolling(controls, key=f"claim-{item.record}-{model.form}", spacing=EDGE)


def _acts(app: App, model: ClaimModel, *, adopt: bool) -> list[ft.Control]:
    text = app.words
    acts = [
        button("claim-look", text("claim.look"), model.look, ft.Icons.REFRESH,
               kind=ft.OutlinedButton, disabled=model.busy),
        button("claim-leave", text("claim.leave"), model.leave, ft.Icons.LOCK_OUTLINED,
               kind=ft.OutlinedButton),
    ]  # fmt: skip
    controls: list[ft.Control] = [wrapped(acts)]
    if adopt and not model.adopted:
        keep = button("claim-adopt", text("claim.adopt"), model.adopt, ft.Icons.SMARTPHONE)
        hint = faint(text("claim.adopt_hint"), BODY)
        controls.append(card(ft.Column([keep, hint], spacing=GAP)))
    return controls

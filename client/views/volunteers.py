"""A desk's volunteers: an invitation in words and as a QR code, who has joined, and ending it."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.i18n.dates import moment
from client.services import qr
from client.services.volunteers import InvitedView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.volunteers import DAYS, VolunteersModel
from client.views.fields import choice, few, text_field
from client.views.kit import (
    banner,
    button,
    card,
    empty,
    faint,
    heading,
    ident,
    line,
    rows,
    selectable,
    wrapped,
)
from client.views.safe import part
from client.views.settings import QR_PX
from client.views.theme import BIG_TITLE, BODY, CARD_TITLE, GAP, SPACE, STRONG
from shared_schema.ids import QUEUE_PREFIX
from shared_schema.limits import ROUND_WORDS_CHARS_MAX

ICONS: Final = {
    "open": ft.Icons.MAIL_OUTLINED,
    "joined": ft.Icons.HOW_TO_REG_OUTLINED,
    "past": ft.Icons.EVENT_BUSY_OUTLINED,
    "dismissed": ft.Icons.BLOCK,
}
_CODE_PX: Final = QR_PX + 80
"""A longer code has more squares: it needs more room to be scanned from a screen."""


@part
def Volunteers(app: App, model: VolunteersModel, clock: ExchangeModel) -> ft.Control:
    """The code that was just made, else the form for the next; then everybody."""
    text = app.words
    controls = [_code(app, model) if model.code is not None else InviteForm(app, model)]
    controls.append(heading(text("volunteers.list")))
    if not model.items:
        hint = text("volunteers.empty_hint")
        controls.append(
            empty("volunteers-empty", ft.Icons.GROUPS_OUTLINED, text("volunteers.empty"), hint)
        )
    controls += [InvitedCard(app, model, each, clock, key=each.id) for each in model.items]
    return rows(controls, key="volunteers", app=app)


@part
def InviteForm(app: App, model: VolunteersModel) -> ft.Control:
    """Where, until when, and whom: the last is for this list alone."""
    text = app.words

    def name(value: str) -> None:
        model.name.text = value

    controls: list[ft.Control] = [
        heading(text("volunteers.invite_title")), faint(text("volunteers.invite_hint"), BODY),
    ]  # fmt: skip
    districts = [(each, each) for each in app.open_services.districts]
    controls.append(
        choice("volunteers-district", text("field.district"), model.district, districts,
               lambda code: model.choose(district=code))
    )  # fmt: skip
    if len(model.queues) > 1:
        queues = [(each, each.removeprefix(QUEUE_PREFIX)) for each in model.queues]
        controls.append(
            choice("volunteers-queue", text("volunteers.queue"), model.queue, queues,
                   lambda code: model.choose(queue=code))
        )  # fmt: skip
    days = [(str(each), text("volunteers.days", n=each)) for each in DAYS]
    controls += [
        few("volunteers-days", text("volunteers.how_long"), str(model.days), days,
            lambda code: model.choose(days=int(code))),
        text_field("volunteers-name", text("volunteers.name"), model.name.text, name,
                   key=f"name-{model.forms}", max_length=ROUND_WORDS_CHARS_MAX, counter="",
                   helper=text("volunteers.name_hint")),
        wrapped([button("volunteers-invite", text("volunteers.invite"), model.invite,
                        ft.Icons.PERSON_ADD_OUTLINED)]),
    ]  # fmt: skip
    stretch = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column(controls, spacing=GAP, horizontal_alignment=stretch))


def _code(app: App, model: VolunteersModel) -> ft.Control:
    """The code, once: to be photographed, scanned or written down."""
    text, code = app.words, model.code
    assert code is not None
    picture = ft.Image(
        qr.drawn(code.text), width=_CODE_PX, height=_CODE_PX, gapless_playback=True,
        semantics_label=text("volunteers.qr"),
    )  # fmt: skip
    shown = ft.Container(picture, bgcolor=ft.Colors.WHITE, padding=SPACE, border_radius=8)
    words = ft.Text(" ".join(code.words), theme_style=BIG_TITLE, weight=STRONG)
    done = button("volunteers-done", text("volunteers.done"), model.put_away, ft.Icons.CHECK)
    controls = [
        heading(text("volunteers.code_title")),
        banner("volunteers-once", text("volunteers.once"), ft.Icons.VISIBILITY_OUTLINED),
        selectable(words, "volunteers-words"),
        ft.Row([shown], wrap=True),
        faint(text("volunteers.code_hint"), BODY),
        wrapped([done]),
    ]
    return ident("volunteers-code", card(ft.Column(controls, spacing=GAP)))


@part
def InvitedCard(
    app: App, model: VolunteersModel, item: InvitedView, clock: ExchangeModel
) -> ft.Control:
    """One invitation and who has joined by it; ending it takes two taps."""
    text = app.words
    until = moment(text, item.until_ms, clock.now_ms, app.zone)
    state = text(f"volunteers.state_{item.state}")
    if item.state == "joined" and not item.confirmed:
        state = f"{state} · {text('volunteers.unconfirmed')}"
    controls: list[ft.Control] = [
        ft.Text(item.name or text("volunteers.nameless"), theme_style=CARD_TITLE, weight=STRONG),
        line(ICONS[item.state], state),
        line(ft.Icons.PLACE_OUTLINED, text("round.until", district=item.district, time=until)),
    ]
    if item.device:
        controls.append(faint(text("volunteers.device", device=item.device[:8]), BODY))
    if item.state in ("open", "joined"):
        controls.append(_ending(app, model, item))
    return ident(f"invited-{item.id}", card(ft.Column(controls, spacing=SPACE, tight=True)))


def _ending(app: App, model: VolunteersModel, item: InvitedView) -> ft.Control:
    text = app.words
    if model.asked != item.id:
        ask = button(f"dismiss-{item.id}", text("volunteers.dismiss"),
                     lambda: model.ask(item.id), ft.Icons.PERSON_REMOVE_OUTLINED,
                     kind=ft.TextButton)  # fmt: skip
        return wrapped([ask])
    yes = button("dismiss-yes", text("volunteers.dismiss_yes"), model.dismiss,
                 ft.Icons.PERSON_REMOVE_OUTLINED)  # fmt: skip
    no = button("dismiss-no", text("common.cancel"), lambda: model.ask(""), kind=ft.TextButton)
    sure = faint(text("volunteers.dismiss_sure"), BODY)
    return ft.Column([sure, wrapped([yes, no])], spacing=SPACE, tight=True)

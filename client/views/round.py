"""A volunteer's round: the light, what is carried, handing in, and the doors by street."""

from __future__ import annotations

from typing import Final

import flet as ft

from client.i18n.dates import ago, moment
from client.services.rounds.types import MARKS, Light, Mark, RoundView, StopView
from client.services.volunteers import Membership
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.round import RoundModel
from client.views.fields import text_field
from client.views.kit import (
    banner,
    button,
    card,
    chip,
    empty,
    faint,
    heading,
    ident,
    line,
    more_button,
    rows,
    toggle,
    wrapped,
)
from client.views.safe import part
from client.views.scanning import ScanPanel
from client.views.settings import size_words
from client.views.theme import BODY, CARD_TITLE, GAP, SPACE, STRONG
from shared_schema.limits import INVITE_TEXT_CHARS_MAX, ROUND_WORDS_CHARS_MAX

MARK_ICONS: Final[dict[Mark, ft.IconData]] = {
    "": ft.Icons.RADIO_BUTTON_UNCHECKED,
    "visited": ft.Icons.CHECK_CIRCLE_OUTLINED,
    "nobody": ft.Icons.DO_NOT_DISTURB_ON_OUTLINED,
    "come_back": ft.Icons.UPDATE,
}
_BUILDING_CHARS_MAX: Final = 20


@part
def Round(app: App, model: RoundModel, clock: ExchangeModel) -> ft.Control:
    """What a volunteer has in hand; for anybody else, how to become one."""
    text, view = app.words, model.view
    member, controls = model.membership, list[ft.Control]()
    if member is not None:
        controls.append(_membership(app, member, clock))
    if member is None or not member.holds:
        controls.append(JoinForm(app, model))
    idle = view is None or not (view.stops or view.carried.requests or view.slips)
    if view is None or (member is None and idle):
        return rows(controls, key="round", app=app)
    assert model.light is not None
    controls.append(_light(app, model.light))
    controls += [_slip(app, number) for number in range(len(view.slips))]
    if model.just_handed:
        controls.append(_just_handed(app, model))
    controls.append(_carried(app, model, view, clock))
    controls += [_loose(app, model, sender, n) for n, sender in enumerate(view.loose_replies)]
    controls.append(heading(text("round.doors", done=view.done, n=len(view.stops))))
    if view.done or model.only_left:
        left = toggle("round-left", text("round.only_left"), model.show_left,
                      ft.Icons.FILTER_LIST, chosen=model.only_left)  # fmt: skip
        controls.append(wrapped([left]))
    controls += _doors(app, model, clock)
    controls.append(AddDoor(app, model))
    return rows(controls, key="round", app=app)


def _membership(app: App, member: Membership, clock: ExchangeModel) -> ft.Control:
    text = app.words
    said = text(f"round.member_{member.state}")
    until = moment(text, member.until_ms, clock.now_ms, app.zone) if member.until_ms else ""
    facts: list[ft.Control] = [ft.Text(said, weight=STRONG)]
    if until:
        facts.append(faint(text("round.until", district=member.district, time=until), BODY))
    return ident("round-membership", card(ft.Column(facts, spacing=SPACE, tight=True)))


@part
def JoinForm(app: App, model: RoundModel) -> ft.Control:
    """The code of an invitation, in words or pasted."""
    text = app.words

    def typed(value: str) -> None:
        model.code.text = value

    field = text_field(
        "round-code", text("round.code"), model.code.text, typed,
        text(model.problem) if model.problem else None,
        key=f"code-{model.forms}", multiline=True, min_lines=2, max_lines=6,
        max_length=INVITE_TEXT_CHARS_MAX, counter="", autocorrect=False,
        enable_suggestions=False,
    )  # fmt: skip
    panel = ScanPanel(app, app.scan, "round", model.scan, key="scan")
    act = button("round-join", text("round.join"), model.join, ft.Icons.HOW_TO_REG_OUTLINED)
    hint = faint(text("round.join_hint"), BODY)
    return card(
        ft.Column(
            [heading(text("round.join_title")), hint, panel, field, wrapped([act])],
            spacing=GAP, horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )  # fmt: skip


def _light(app: App, light: Light) -> ft.Control:
    """Green or red, in words and a picture; the colour only helps."""
    text = app.words
    if light.green:
        ink, ground = ft.Colors.ON_SECONDARY_CONTAINER, ft.Colors.SECONDARY_CONTAINER
        icon, said = ft.Icons.CHECK_CIRCLE, text("round.green")
    else:
        ink, ground = ft.Colors.ON_ERROR_CONTAINER, ft.Colors.ERROR_CONTAINER
        icon, said = ft.Icons.ERROR_OUTLINE, text("round.red")
    title = ft.Row(
        [
            ft.Icon(icon, color=ink),
            ft.Text(said, theme_style=CARD_TITLE, weight=STRONG, color=ink, expand=True),
        ],
        spacing=GAP,
    )
    lacks = [
        ft.Text(text(f"round.lack_{each.what}", n=each.amount), color=ink) for each in light.missing
    ]
    column = ft.Column([title, *lacks], spacing=SPACE, tight=True)
    return ident("round-light", card(column, bgcolor=ground), live_region=True)


def _carried(app: App, model: RoundModel, view: RoundView, clock: ExchangeModel) -> ft.Control:
    text, state = app.words, view.carried
    used, room = size_words(app, state.bytes), size_words(app, state.budget_bytes)
    facts: list[ft.Control] = [
        line(ft.Icons.BACKPACK_OUTLINED, text("round.carried", n=state.requests)),
        line(ft.Icons.STORAGE, text("round.room", size=used, budget=room)),
    ]
    if state.oldest_ms is not None:
        since = ago(text, state.oldest_ms, clock.now_ms, app.zone)
        facts.append(line(ft.Icons.SCHEDULE, text("round.oldest", ago=since)))
    act = button("round-hand-in", text("round.hand_in"), model.hand_in,
                 ft.Icons.MOVE_TO_INBOX_OUTLINED, disabled=model.busy)  # fmt: skip
    controls = [*facts, faint(text("round.hand_in_hint"), BODY), wrapped([act])]
    if model.busy:
        controls.append(ft.ProgressBar(semantics_label=text("round.handing_in")))
    done = model.handed_in
    if done is not None:
        gone = done.cleared
        said = [text("round.handed_in", n=gone.requests)]
        said += [text("round.kept_waiting", n=gone.waiting)] if gone.waiting else []
        said += [text("round.kept_replies", n=gone.owed)] if gone.owed else []
        controls.append(banner("round-handed-in", " ".join(said), ft.Icons.TASK_ALT))
    if model.unreached:
        controls.append(
            banner("round-unreached", text("round.unreached"), ft.Icons.CLOUD_OFF, bad=True)
        )
    return ident("round-carried", card(ft.Column(controls, spacing=GAP)))


def _loose(app: App, model: RoundModel, sender: str, number: int) -> ft.Control:
    """A reply for somebody of whom no door is written down."""
    text = app.words
    act = button(f"loose-{number}", text("round.handed_over"),
                 lambda: app.spawn(model.handed_to(sender)), ft.Icons.HANDSHAKE_OUTLINED,
                 kind=ft.OutlinedButton)  # fmt: skip
    said = line(ft.Icons.MARK_EMAIL_UNREAD_OUTLINED, text("round.loose", device=sender[:8]))
    return card(ft.Column([said, wrapped([act])], spacing=GAP, tight=True))


def _slip(app: App, number: int) -> ft.Control:
    """A slip that nobody has confirmed to have: where its words are shown."""
    text = app.words
    act = button(f"slip-{number}", text("round.slip_show"), lambda: app.go("collect"),
                 ft.Icons.QR_CODE)  # fmt: skip
    said = line(ft.Icons.CONFIRMATION_NUMBER_OUTLINED, text("round.slip_due"))
    column = ft.Column([said, wrapped([act])], spacing=GAP, tight=True)
    return ident(f"slip-due-{number}", card(column))


def _just_handed(app: App, model: RoundModel) -> ft.Control:
    """A tap with cold hands may have been a mistake: the way back."""
    text = app.words
    back = button("round-take-back", text("round.take_back"), model.take_back, ft.Icons.UNDO,
                  kind=ft.OutlinedButton)  # fmt: skip
    said = line(ft.Icons.HANDSHAKE_OUTLINED, text("round.just_handed"))
    column = ft.Column([said, wrapped([back])], spacing=GAP, tight=True)
    return ident("round-just-handed", card(column), live_region=True)


def _doors(app: App, model: RoundModel, clock: ExchangeModel) -> list[ft.Control]:
    text = app.words
    if not model.stops:
        if model.only_left:
            return [empty("round-all-done", ft.Icons.TASK_ALT, text("round.all_done"))]
        hint = text("round.empty_hint")
        return [empty("round-empty", ft.Icons.SIGNPOST_OUTLINED, text("round.empty"), hint)]
    controls: list[ft.Control] = []
    street = ""
    for stop in model.stops:
        if stop.street != street:
            street = stop.street
            controls.append(heading(street))
        controls.append(StopCard(app, model, stop, clock, key=f"stop-{stop.id}"))
    if model.has_more:
        controls.append(more_button(app, "round-more", model.more))
    return controls


@part
def StopCard(app: App, model: RoundModel, stop: StopView, clock: ExchangeModel) -> ft.Control:
    """One door: where, what was found, what is owed there. A tap shows what can be done."""
    text, here = app.words, model.view is not None and model.view.here == stop.id
    title = stop.building or text("round.whole_street")
    marked = text(f"round.mark_{stop.mark}") if stop.mark else text("round.mark_none")
    if stop.marked_ms:
        marked = f"{marked} · {ago(text, stop.marked_ms, clock.now_ms, app.zone)}"
    controls: list[ft.Control] = [
        ft.Text(title, theme_style=CARD_TITLE, weight=STRONG),
        line(MARK_ICONS[stop.mark], marked),
    ]
    if here:
        controls.append(_here_chip(app))
    if stop.waiting:
        controls.append(line(ft.Icons.BACKPACK_OUTLINED, text("round.from_here", n=stop.waiting)))
    if stop.replies:
        said = text("round.reply_here", n=stop.replies)
        controls.append(line(ft.Icons.MARK_EMAIL_UNREAD_OUTLINED, said))
    note, unfolded = model.note_of(stop), model.open == stop.id
    if note and not unfolded:  # else it stands in its field
        controls.append(faint(note, BODY))
    top = ident(
        f"stop-{stop.id}",
        card(ft.Column(controls, spacing=SPACE, tight=True), selected=here,
             on_click=lambda: model.unfold(stop.id)),
        expanded=unfolded,
    )  # fmt: skip
    if not unfolded:
        return top
    stretch = ft.CrossAxisAlignment.STRETCH
    field = text_field(
        "stop-note", text("round.note"), model.note.text, model.typed_note,
        key=f"note-{stop.id}", multiline=True, min_lines=1, max_lines=4,
        max_length=ROUND_WORDS_CHARS_MAX, helper=text("round.note_hint"),
    )  # fmt: skip
    below = [*_acts(app, model, stop, here), field, _removing(app, model, stop)]
    return ft.Column([top, *below], spacing=GAP, tight=True, horizontal_alignment=stretch)


def _acts(app: App, model: RoundModel, stop: StopView, here: bool) -> list[ft.Control]:
    """Each as wide as the card, one under the other: for gloves, and for the dark."""
    text = app.words
    acts = [
        toggle("stop-here", text("round.here"), lambda: app.spawn(
            model.stand_at("" if here else stop.id)), ft.Icons.PERSON_PIN_CIRCLE_OUTLINED,
            chosen=here)
    ]  # fmt: skip
    acts += [_mark(app, model, stop, mark) for mark in MARKS if mark]
    if stop.replies:
        acts.append(button("stop-handed", text("round.handed_over"),
                           lambda: app.spawn(model.handed_at(stop.id)),
                           ft.Icons.HANDSHAKE_OUTLINED, kind=ft.FilledTonalButton))  # fmt: skip
    return acts


def _removing(app: App, model: RoundModel, stop: StopView) -> ft.Control:
    """Away from the marks, and asked once more: the note and whose replies belong here go too."""
    text = app.words
    if model.removing != stop.id:
        ask = button("stop-remove", text("round.remove"), lambda: model.ask_remove(stop.id),
                     ft.Icons.DELETE_OUTLINE, kind=ft.TextButton)  # fmt: skip
        return wrapped([ask])
    yes = button("stop-remove-yes", text("round.remove_yes"),
                 lambda: app.spawn(model.remove(stop.id)), ft.Icons.DELETE_OUTLINE)  # fmt: skip
    no = button("stop-remove-no", text("round.remove_no"), lambda: model.ask_remove(""),
                kind=ft.OutlinedButton)  # fmt: skip
    return wrapped([faint(text("round.remove_ask"), BODY), yes, no])


def _mark(app: App, model: RoundModel, stop: StopView, mark: Mark) -> ft.Control:
    """A mark to set; the one that is set is taken back by another tap."""
    chosen = stop.mark == mark

    def act() -> None:
        app.spawn(model.mark(stop.id, "" if chosen else mark))

    said = app.words(f"round.mark_{mark}")
    return toggle(f"mark-{mark}", said, act, MARK_ICONS[mark], chosen=chosen)


def _here_chip(app: App) -> ft.Control:
    look = {"bgcolor": ft.Colors.PRIMARY, "color": ft.Colors.ON_PRIMARY}
    return ft.Row([chip(app.words("round.here"), ft.Icons.PERSON_PIN_CIRCLE, **look)], wrap=True)


@part
def AddDoor(app: App, model: RoundModel) -> ft.Control:
    """One door more, or all that the city names in the district."""
    text = app.words

    def street(value: str) -> None:
        model.street.text = value

    def building(value: str) -> None:
        model.building.text = value

    problem = text(model.door_problem) if model.door_problem else None
    fields = [
        text_field("round-street", text("round.street"), model.street.text, street, problem,
                   key=f"street-{model.forms}", max_length=ROUND_WORDS_CHARS_MAX, counter=""),
        text_field("round-building", text("round.building"), model.building.text, building,
                   key=f"building-{model.forms}", max_length=_BUILDING_CHARS_MAX, counter=""),
    ]  # fmt: skip
    acts = [button("round-add", text("round.add"), model.add, ft.Icons.ADD)]
    if model.membership is not None and model.membership.holds:
        acts.append(button("round-fill", text("round.fill"), model.from_district,
                           ft.Icons.MAP_OUTLINED, kind=ft.OutlinedButton))  # fmt: skip
    controls = [heading(text("round.add_title")), *fields, wrapped(acts)]
    if model.found is not None:
        controls.append(
            banner("round-found", text("round.found", n=model.found), ft.Icons.MAP_OUTLINED)
        )
    stretch = ft.CrossAxisAlignment.STRETCH
    return card(ft.Column(controls, spacing=GAP, horizontal_alignment=stretch))

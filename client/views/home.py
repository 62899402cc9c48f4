"""Home: alerts first, then what waits for this person, power and water, and the latest news."""

from __future__ import annotations

import flet as ft

from client.i18n.dates import ago, moment
from client.services.types import AppealView, NewsView
from client.viewmodels.app import App, ExchangeModel
from client.viewmodels.appeals import AppealsModel
from client.viewmodels.home import HomeModel
from client.viewmodels.outages import OutagesModel
from client.viewmodels.outbox import OutboxModel
from client.viewmodels.round import RoundModel
from client.views.kit import button, card, faint, heading, ident, line, rows, toggle, wrapped
from client.views.news import NewsCard
from client.views.outages import supply_line
from client.views.safe import part
from client.views.states import category_icon, category_name
from client.views.theme import BIG_TITLE, BODY, CARD_TITLE, GAP, SMALL, SPACE, STRONG

QUICK = ("danger", "water", "power", "heat")


@part
def Home(
    app: App,
    model: HomeModel,
    appeals: AppealsModel,
    outages: OutagesModel,
    outbox: OutboxModel,
    clock: ExchangeModel,
) -> ft.Control:
    """Everything that a person opens the app for in a hurry."""
    controls: list[ft.Control] = [AlertCard(app, item, clock) for item in live(model, clock)]
    controls += _waiting(app, model, appeals, outbox)
    if "round" in app.behind:
        controls.append(RoundRow(app, app.round))
    controls += _supplies(app, outages, clock)
    controls.append(_write(app))
    controls += _latest(app, model, clock)
    return rows(controls, key="home", app=app)


def live(model: HomeModel, clock: ExchangeModel) -> list[NewsView]:
    """Alerts that are in force at this minute: one may have expired since they were read."""
    return [item for item in model.alerts if not item.expired(clock.now_ms)]


@part
def AlertCard(app: App, item: NewsView, clock: ExchangeModel) -> ft.Control:
    """An alert: how severe in words, for whom, since when and until when."""
    text, now, ink = app.words, clock.now_ms, ft.Colors.WHITE
    where = item.district or text("news.everywhere")
    since = ago(text, item.published_at_ms, now, app.zone)
    until = text("news.no_end")
    if item.expires_at_ms:
        until = text("news.valid_until", time=moment(text, item.expires_at_ms, now, app.zone))
    facts = f"{where} · {since} · {until}"
    severity = ft.Row(
        [
            ft.Icon(ft.Icons.WARNING_ROUNDED, color=ink),
            ft.Text(
                text("priority.urgent"), theme_style=CARD_TITLE, weight=STRONG, color=ink,
                expand=True,
            ),
        ],
        spacing=SPACE,
    )  # fmt: skip
    body = ft.Column(
        [
            severity,
            ft.Text(item.title, theme_style=BIG_TITLE, weight=STRONG, color=ink),
            ft.Text(item.text, theme_style=BODY, color=ink, max_lines=6,
                    overflow=ft.TextOverflow.ELLIPSIS),
            ft.Text(facts, theme_style=SMALL, color=ink),
        ],
        spacing=SPACE,
        tight=True,
    )  # fmt: skip
    return ident(
        f"alert-{item.record}",
        card(body, on_click=lambda: app.go("news", item.record), bgcolor=app.branding.alert),
    )


def _waiting(
    app: App, model: HomeModel, appeals: AppealsModel, outbox: OutboxModel
) -> list[ft.Control]:
    text = app.words
    found: list[ft.Control] = [_waiting_card(app, item) for item in appeals.for_me[:5]]
    if outbox.drafts:
        drafts = text("home.drafts", n=len(outbox.drafts))
        found.append(_row("home-drafts", ft.Icons.EDIT_NOTE, drafts, lambda: app.go("outbox")))
    return [heading(text("home.for_you")), *found] if found else []


@part
def RoundRow(app: App, walk: RoundModel) -> ft.Control:
    """A volunteer's way to the round, with its light in words; nothing for anybody else."""
    member, view = walk.membership, walk.view
    if view is None or not ((member is not None and member.holds) or view.carried.requests):
        return ft.Container(height=0)
    assert walk.light is not None
    said = app.words("round.green" if walk.light.green else "round.red")
    icon = ft.Icons.DIRECTIONS_WALK
    return _row("home-round", icon, said, lambda: app.go("round"), app.words("nav.round"))


def _waiting_card(app: App, item: AppealView) -> ft.Control:
    text = app.words
    if item.state == "refused":
        icon, said = ft.Icons.BLOCK, text("home.refused")
    elif item.state == "returned":
        icon, said = ft.Icons.UNDO, text("home.returned")
    elif item.said and item.said[-1].by_desk:
        icon, said = ft.Icons.MARK_EMAIL_UNREAD_OUTLINED, text("home.replied")
    else:
        icon, said = ft.Icons.UPDATE, text("home.moved", state=text(f"state.{item.state}"))
    name = f"for-me-{item.record}"
    return _row(name, icon, said, lambda: app.go("appeals", item.record), item.title)


def _row(name: str, icon: ft.IconData, said: str, act: object, title: str = "") -> ft.Control:
    words: list[ft.Control] = [ft.Text(said, weight=STRONG)]
    if title:
        words.append(faint(title, BODY, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS))
    row = ft.Row(
        [
            ft.Icon(icon, color=ft.Colors.PRIMARY),
            ft.Column(words, spacing=2, tight=True, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT),
        ],
        spacing=GAP,
    )
    return ident(name, card(row, on_click=act))  # type: ignore[arg-type]


def _supplies(app: App, outages: OutagesModel, clock: ExchangeModel) -> list[ft.Control]:
    lines = [supply_line(app, each, clock.now_ms) for each in outages.supplies]
    if not lines:
        return []
    content = ft.Column([heading(app.words("outages.title")), *lines], spacing=GAP, tight=True)
    return [ident("home-outages", card(content, on_click=lambda: app.go("outages")))]


def _write(app: App) -> ft.Control:
    text = app.words

    def about(category: str) -> ft.Control:
        return toggle(
            f"quick-{category}", category_name(text, category),
            lambda: app.write.start_new(category), category_icon(category),
        )  # fmt: skip

    anything = button("quick-other", text("home.other"), app.write.start_new,
                      ft.Icons.EDIT_OUTLINED, kind=ft.FilledTonalButton)  # fmt: skip
    return card(
        ft.Column(
            [heading(text("home.write")), wrapped([*map(about, QUICK), anything])],
            spacing=GAP,
            tight=True,
        )
    )


def _latest(app: App, model: HomeModel, clock: ExchangeModel) -> list[ft.Control]:
    text = app.words
    if not model.latest and not model.alerts:
        hint = text("news.empty_hint")
        return [card(ft.Column([line(ft.Icons.NEWSPAPER_OUTLINED, text("news.empty")),
                                faint(hint, BODY)], spacing=SPACE))]  # fmt: skip
    cards: list[ft.Control] = [NewsCard(app, item, clock, key=item.record) for item in model.latest]
    every = button("home-news", text("home.all_news"), lambda: app.go("news"), kind=ft.TextButton)
    return [heading(text("home.latest")), *cards, ft.Row([every], wrap=True)]

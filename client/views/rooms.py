"""The rooms: how each is called, its picture, its list and what stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import flet as ft

from client.viewmodels.app import App
from client.views.appeals import AppealsList, AppealThread
from client.views.beside import BesideRoom
from client.views.claim import Claim
from client.views.collect import Collect
from client.views.desk.folder import desk_record, desk_room
from client.views.desk.queue import desk_queue
from client.views.home import Home
from client.views.news import NewsDetail, NewsList
from client.views.newsroom import NewsroomDesk, NewsroomOver, NewsroomPhone
from client.views.outages import Outages
from client.views.outbox import Outbox
from client.views.places import PlaceDetail, PlacesList
from client.views.reports.room import Reports
from client.views.round import Round
from client.views.settings import Settings
from client.views.volunteers import Volunteers
from client.views.write import WriteForm


class Room(NamedTuple):
    """A section: how it is called, and how to build its list and what stands beside it."""

    label: str
    short: str
    icon: ft.IconData
    chosen: ft.IconData
    main: Callable[[App], ft.Control]
    beside: Callable[[App], ft.Control] | None = None
    pick: str = ""
    broad: Callable[[App], ft.Control] | None = None
    """What takes the whole of a wide window, in place of a list and what stands beside it."""


ROOMS: Final = {
    "home": Room(
        "nav.home", "nav.home", ft.Icons.HOME_OUTLINED, ft.Icons.HOME,
        lambda app: Home(app, app.home, app.appeals, app.outages, app.outbox, app.exchange),
    ),
    "news": Room(
        "nav.news", "nav.news", ft.Icons.NEWSPAPER_OUTLINED, ft.Icons.NEWSPAPER,
        lambda app: NewsList(app, app.news, app.exchange),
        lambda app: NewsDetail(app, app.news, app.exchange), "news.pick",
    ),
    "write": Room(
        "nav.write", "nav.write", ft.Icons.EDIT_OUTLINED, ft.Icons.EDIT,
        lambda app: WriteForm(app, app.write),
    ),
    "appeals": Room(
        "nav.appeals", "nav.appeals_short", ft.Icons.FORUM_OUTLINED, ft.Icons.FORUM,
        lambda app: AppealsList(app, app.appeals, app.exchange),
        lambda app: AppealThread(app, app.appeals, app.exchange), "appeals.pick",
    ),
    "places": Room(
        "nav.places", "nav.places_short", ft.Icons.PLACE_OUTLINED, ft.Icons.PLACE,
        lambda app: PlacesList(app, app.places, app.exchange),
        lambda app: PlaceDetail(app, app.places, app.exchange), "places.pick",
    ),
    "outages": Room(
        "nav.outages", "nav.outages", ft.Icons.BOLT_OUTLINED, ft.Icons.BOLT,
        lambda app: Outages(app, app.outages, app.exchange),
    ),
    "outbox": Room(
        "nav.outbox", "nav.outbox", ft.Icons.OUTBOX_OUTLINED, ft.Icons.OUTBOX,
        lambda app: Outbox(app, app.outbox, app.appeals, app.exchange),
    ),
    "beside": Room(
        "nav.beside", "nav.beside", ft.Icons.SYNC_ALT, ft.Icons.SYNC_ALT,
        lambda app: BesideRoom(app, app.beside),
    ),
    "settings": Room(
        "nav.settings", "nav.settings", ft.Icons.SETTINGS_OUTLINED, ft.Icons.SETTINGS,
        lambda app: Settings(app, app.settings, app.exchange),
    ),
    "collect": Room(
        "nav.collect", "nav.collect", ft.Icons.HANDSHAKE_OUTLINED, ft.Icons.HANDSHAKE,
        lambda app: Collect(app, app.collect, app.collect.saver),
    ),
    "claim": Room(
        "nav.claim", "nav.claim", ft.Icons.CONFIRMATION_NUMBER_OUTLINED,
        ft.Icons.CONFIRMATION_NUMBER, lambda app: Claim(app, app.claim, app.exchange),
    ),
    "round": Room(
        "nav.round", "nav.round", ft.Icons.DIRECTIONS_WALK, ft.Icons.DIRECTIONS_WALK,
        lambda app: Round(app, app.round, app.exchange),
    ),
    "volunteers": Room(
        "nav.volunteers", "nav.volunteers", ft.Icons.GROUPS_OUTLINED, ft.Icons.GROUPS,
        lambda app: Volunteers(app, app.volunteers, app.exchange),
    ),
    "queue": Room(
        "nav.queue", "nav.queue", ft.Icons.INBOX_OUTLINED, ft.Icons.INBOX,
        desk_queue, desk_record, broad=desk_room,
    ),
    "reports": Room(
        "nav.reports", "nav.reports", ft.Icons.INSIGHTS_OUTLINED, ft.Icons.INSIGHTS,
        lambda app: Reports(app, app.reports, app.exchange),
        broad=lambda app: Reports(app, app.reports, app.exchange),
    ),
    "newsroom": Room(
        "nav.newsroom", "nav.newsroom", ft.Icons.CAMPAIGN_OUTLINED, ft.Icons.CAMPAIGN,
        lambda app: NewsroomPhone(app, app.newsroom, app.exchange),
        lambda app: NewsroomOver(app, app.newsroom, app.exchange),
        broad=lambda app: NewsroomDesk(app, app.newsroom, app.exchange),
    ),
}  # fmt: skip

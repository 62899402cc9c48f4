"""The app's composition root: one profile, its exchange and its windows, put together here only.

One process serves one profile. In web mode several browser sessions may look at it: they share one
replica (whose lock is inside), one exchange and one scheduler, and each has its own window state.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

import flet as ft

from client.branding import Branding, read_branding

if TYPE_CHECKING:
    from client.viewmodels.app import App
    from client.viewmodels.ports import Services

log = logging.getLogger(__name__)
Target = Callable[[ft.Page], Awaitable[None]]
Opener = Callable[[str | None], "Services"]
ASSETS = Path(__file__).parent / "assets"
TICK_S = 20


def build_app(
    replica_folder: Path,
    server: str | None = None,
    *,
    branding: Branding | None = None,
    open_services: Opener | None = None,
) -> Target:
    """The Flet target that shows the device in a folder.

    Args:
        server: the address to exchange with; the city card's first one when None.
        open_services: in place of opening the folder, for states that are hard to reach.
    """
    from client.viewmodels.device import Device

    look = branding or read_branding()
    device = Device(open_services or _opener(replica_folder, server))

    async def main(page: ft.Page) -> None:
        await _open_window(page, device, look)

    return main


def _opener(folder: Path, server: str | None) -> Opener:
    def open_services(pin: str | None) -> Services:
        return _open_device(folder, server, pin)

    return open_services


def _open_device(folder: Path, server: str | None, pin: str | None) -> Services:
    """Open the replica and put its services together.

    Cryptography and SQLAlchemy load here, in a thread, after the first frame is on the screen.
    """
    from client.scheduler import ExchangeScheduler
    from client.services.appeals import Appeals
    from client.services.desk import Desk
    from client.services.exchange import Exchange
    from client.services.news import News, Newsroom
    from client.services.replica import Replica
    from client.transports.http import HttpTransport
    from client.viewmodels.ports import Services

    replica = Replica.open(folder, pin=pin)
    transport = HttpTransport(server or replica.server)
    exchange = Exchange(replica, transport)

    def close() -> None:
        transport.close()
        replica.close()

    return Services(
        city=replica.card.facts.name,
        districts=replica.card.facts.districts,
        roles=replica.roles,
        news=News(replica),
        newsroom=Newsroom(replica),
        appeals=Appeals(replica),
        desk=Desk(replica),
        scheduler=lambda on_state: ExchangeScheduler(exchange, on_state),
        sync_state=exchange.state,
        close=close,
    )


async def _open_window(page: ft.Page, device: object, branding: Branding) -> None:
    from client.viewmodels.app import App
    from client.viewmodels.device import Device
    from client.views.safe import watch
    from client.views.shell import Root
    from client.views.theme import theme

    assert isinstance(device, Device)
    app = App(device, branding)
    page.theme = page.dark_theme = theme(branding)
    page.theme_mode = ft.ThemeMode.SYSTEM
    page.title = branding.name
    _follow_page(page, app)

    page.render_views(Root, app)
    watch(page, app.recover)
    app.spawn(_tick(app))
    await app.gate.open()


def _follow_page(page: ft.Page, app: App) -> None:
    """Size, address, back button and life cycle of the window."""
    app.resize(page.width)
    app.follow(page.route or "/")
    app.on_route = page.navigate

    def pop(e: ft.ViewPopEvent) -> None:
        app.go(app.section)

    def life(e: ft.AppLifecycleStateChangeEvent) -> None:
        if e.state in (ft.AppLifecycleState.RESUME, ft.AppLifecycleState.SHOW):
            app.tick()
            app.device.exchange_now()

    page.on_resize = lambda e: app.resize(page.width)
    page.on_route_change = lambda e: app.follow(e.route)
    page.on_view_pop = pop
    page.on_app_lifecycle_state_change = life
    page.on_close = lambda e: app.leave()


async def _tick(app: App) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        app.tick()


def run(profile: Path, *, server: str | None = None, web: bool = False, port: int = 0) -> None:
    """Show the device in a folder: in a window, or (web) to browsers on this computer."""
    target = build_app(profile, server)
    assets = str(ASSETS.resolve())
    if web:
        # Flet would serve a desktop client where it sees a display; a browser was asked for.
        os.environ["FLET_FORCE_WEB_SERVER"] = "true"
        # Everything comes from this computer: an app for blackouts must not need a distant network.
        ft.run(target, view=None, host="127.0.0.1", port=port, no_cdn=True, assets_dir=assets)
    else:
        ft.run(target, assets_dir=assets)

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
    from client.viewmodels.ports import Services, StarterPort

log = logging.getLogger(__name__)
Target = Callable[[ft.Page], Awaitable[None]]
Opener = Callable[[str | None], "Services"]
ASSETS = Path(__file__).parent / "assets"
TICK_S = 20


def build_app(
    replica_folder: Path,
    server: str | None = None,
    *,
    card: Path | None = None,
    every_s: float | None = None,
    branding: Branding | None = None,
    open_services: Opener | None = None,
) -> Target:
    """The Flet target that shows the device in a folder.

    Args:
        server: the address to exchange with; the city card's first one when None.
        card: the city card that a first run makes a device from, where there is none yet.
        every_s: how often to exchange while somebody looks, in seconds; a minute when None.
        open_services: in place of opening the folder, for states that are hard to reach.
    """
    from client.viewmodels.device import Device

    look = branding or read_branding()
    opener = open_services or _opener(replica_folder, server, every_s)
    device = Device(opener, _starter(replica_folder, card))

    async def main(page: ft.Page) -> None:
        await _open_window(page, device, look)

    return main


def _opener(folder: Path, server: str | None, every_s: float | None) -> Opener:
    def open_services(pin: str | None) -> Services:
        from client.assembly import open_device

        return open_device(folder, server, pin, every_s)

    return open_services


def _starter(folder: Path, card: Path | None) -> StarterPort | None:
    """What a first run needs; None where no card came with the app, or it does not verify."""
    if card is None:
        return None
    from client.services.starting import Starter
    from shared_schema.errors import MistoError

    try:
        return Starter(folder, card)
    except (OSError, MistoError):
        log.exception("the city card cannot be used")
        return None


async def _open_window(page: ft.Page, device: object, branding: Branding) -> None:
    from client.viewmodels.app import App
    from client.viewmodels.device import Device
    from client.views.dress import dress
    from client.views.entered import take_at_once
    from client.views.phone import FletPhone
    from client.views.safe import take_late_answers, watch
    from client.views.shell import Root

    assert isinstance(device, Device)
    app = App(device, branding, FletPhone())
    page.title = branding.name
    dress(page, app)
    app.on_look = lambda: _redress(page, app)
    _follow_page(page, app)

    page.render_views(Root, app)
    watch(page, app.recover)
    take_late_answers(page)
    take_at_once(page)
    app.spawn(_tick(app))
    await app.gate.open()


def _redress(page: ft.Page, app: App) -> None:
    from client.views.dress import dress

    dress(page, app)
    page.update()


def _follow_page(page: ft.Page, app: App) -> None:
    """Size, address, back button, network and life cycle of the window."""
    app.resize(page.width)
    app.follow(page.route or "/")
    app.on_route = page.navigate

    def life(e: ft.AppLifecycleStateChangeEvent) -> None:
        if e.state in (ft.AppLifecycleState.RESUME, ft.AppLifecycleState.SHOW):
            app.shown()
        elif e.state in (ft.AppLifecycleState.HIDE, ft.AppLifecycleState.PAUSE):
            app.hidden()

    page.on_resize = lambda e: app.resize(page.width)
    page.on_route_change = lambda e: app.follow(e.route)
    page.on_view_pop = lambda e: app.back()
    page.on_keyboard_event = lambda e: _on_key(app, e)
    page.on_app_lifecycle_state_change = life
    page.on_platform_brightness_change = lambda e: app.on_look()
    page.on_close = lambda e: app.leave()
    # A browser that lost its connection, or loaded the page anew, comes back to the same window;
    # what was about to be drawn when it went is forgotten by Flet and never sent.
    page.on_disconnect = lambda e: app.hidden()
    page.on_connect = lambda e: app.came_back()
    # It registers itself with the page, which forgets a service that nothing else holds.
    page.session.store.set("network", ft.Connectivity(on_change=lambda e: _on_network(app, e)))


def _on_key(app: App, e: ft.KeyboardEvent) -> None:
    """A key; those with Ctrl, Alt or the like are the system's and the browser's."""
    if not (e.ctrl or e.alt or e.meta):
        app.press(e.key, shift=e.shift)


def _on_network(app: App, e: ft.ConnectivityChangeEvent) -> None:
    """The network came back: exchange at once, as nothing else would for a minute."""
    if any(each is not ft.ConnectivityType.NONE for each in e.connectivity):
        app.device.exchange_now()


async def _tick(app: App) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        app.tick()


def run(
    profile: Path,
    *,
    server: str | None = None,
    web: bool = False,
    port: int = 0,
    card: Path | None = None,
    every_s: float | None = None,
) -> None:
    """Show the device in a folder: in a window, or (web) to browsers on this computer.

    Where there is no device yet, a first run makes one from `card`, or from the card that was
    built into the app.
    """
    built_in = ASSETS / "city.card"
    card = card or (built_in if built_in.is_file() else None)
    target = build_app(profile, server, card=card, every_s=every_s)
    assets = str(ASSETS.resolve())
    if web:
        # Flet would serve a desktop client where it sees a display; a browser was asked for.
        os.environ["FLET_FORCE_WEB_SERVER"] = "true"
        # Everything comes from this computer: an app for blackouts must not need a distant network.
        # Not Flutter's other renderer: with a drawing thread of its own it corrupts its memory now
        # and then, and the page freezes without a word (flutter/flutter#190039).
        ft.run(
            target,
            view=None,
            host="127.0.0.1",
            port=port,
            no_cdn=True,
            assets_dir=assets,
            web_renderer=ft.WebRenderer.CANVAS_KIT,
        )
    else:
        ft.run(target, assets_dir=assets)

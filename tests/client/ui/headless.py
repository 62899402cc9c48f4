"""The app without a client: render, fire events, look at the controls. Tens of milliseconds a test.

Flet renders components while it encodes messages, so a connection that encodes and forgets is all
that is needed. Private names of the pinned Flet are used here and nowhere else in these tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import flet as ft
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.session import Session

from client.branding import Branding
from client.main import Target, build_app
from client.viewmodels.app import App
from client.viewmodels.phone import Phone
from client.viewmodels.ports import Services, StarterPort
from tests.client.ui.connection import FakeConnection, encode
from tests.client.ui.fake import FakeDevice, FakePhone, FakeStarter
from tests.client.ui.tree import controls_in, texts_in

PATIENCE_S = 10.0


class Window:
    """One window on the app, as a phone unless told otherwise."""

    def __init__(self, width: int = 390, route: str = "/") -> None:
        self.connection = FakeConnection()
        self.session = self.connection.session = Session(self.connection)
        self.page = self.session.page
        size = {"width": width, "height": 844}
        self.session.apply_page_patch({"route": route, "web": False, **size})
        _context_page.set(self.page)
        encode(self.session.get_page_patch())
        context.reset_auto_update()

    async def show(
        self,
        open_services: Callable[[str | None], Services],
        language: str = "uk",
        *,
        phone: Phone | None = None,
        starter: StarterPort | None = None,
    ) -> Window:
        """Start the app, on this phone instead of Flet's, and wait until it stands still."""
        branding = Branding(name="Надріччя", language=language)
        with patch("client.main._starter", lambda folder, card: starter):
            target = build_app(Path("unused"), branding=branding, open_services=open_services)
        with patch("client.views.phone.FletPhone", lambda: phone or FakePhone()):
            return await self.run(target)

    async def run(self, target: Target) -> Window:
        """Start an app in this window and wait until it stands still."""
        _context_page.set(self.page)
        await target(self.page)
        await self.settle()
        return self

    @property
    def app(self) -> App:
        """The state behind the window, for what no control tells."""
        found: App = self.page.views.args[0]
        return found

    def controls(self) -> list[BaseControl]:
        """Every control on the screen, top view last."""
        return controls_in(self.page.views)

    def views(self) -> list[Any]:
        """The views on the stack."""
        return [c for c in self.controls() if isinstance(c, ft.View)]

    async def resize(self, width: int) -> None:
        """The window gets another width."""
        self.session.apply_page_patch({"width": width})
        await self.session.dispatch_event(self.page._i, "resize", {"width": width, "height": 844})
        await self.settle()

    async def life(self, state: ft.AppLifecycleState) -> None:
        """The system hides the app, or shows it again."""
        await self._send(self.page, "app_lifecycle_state_change", {"state": state.value})

    async def back_gesture(self) -> None:
        """The system's own way back, from the view on top."""
        await self._send(self.page, "view_pop", {"route": self.views()[-1].route})

    async def address(self, route: str) -> None:
        """Another address in the browser."""
        await self._send(self.page, "route_change", {"route": route})

    async def network(self, *kinds: str) -> None:
        """The system tells of other networks."""
        known = self.page._services._services
        network = next(each for each in known if isinstance(each, ft.Connectivity))
        await self._send(network, "change", {"connectivity": [*kinds]})

    async def scroll(self, name: str, kind: str, pixels: float = 0.0, **more: float) -> None:
        """A list tells of its scrolling: its kind (`ft.ScrollType`) and where it stands now."""
        lists = [c for c in self.controls() if isinstance(c, ft.ListView) and c.key == name]
        extents = {"min_scroll_extent": 0.0, "max_scroll_extent": 900.0}
        event = {"event_type": kind, "pixels": pixels, "viewport_dimension": 700.0}
        await self._send(lists[-1], "scroll", event | extents | more)

    async def draw(self, name: str, way_px: float) -> None:
        """A finger draws at a list that is too short to scroll; downwards is more."""
        drawn = [c for c in self.controls() if isinstance(c, ft.GestureDetector)]
        around = next(c for c in drawn if getattr(c.content, "key", "") == name)
        for event, y in (("start", 300.0), ("end", 300.0 + way_px)):
            at = {"x": 180.0, "y": y}
            details = {"k": "touch", "l": at, "g": at, "v": {"x": 0.0, "y": 0.0}}
            await self._send(around, f"vertical_drag_{event}", details)

    async def _send(self, control: BaseControl, event: str, data: Any) -> None:
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    def texts(self) -> list[str]:
        """Every text on the screen, in order."""
        return texts_in(self.page.views)

    def said(self, name: str) -> list[str]:
        """Every text inside the semantics of this name."""
        return texts_in(self.named(name))

    def has(self, name: str) -> bool:
        """Whether there is a control of this name."""
        return any(getattr(c, "identifier", None) == name for c in self.controls())

    def named(self, name: str) -> BaseControl:
        """What is inside the semantics of this name."""
        for control in self.controls():
            if getattr(control, "identifier", None) == name:
                content: BaseControl = control.content  # type: ignore[attr-defined]
                return content
        raise AssertionError(f"no control named {name}; there are {self.names()}")

    def names(self) -> list[str]:
        """The names of all controls that have one."""
        names = (getattr(control, "identifier", None) for control in self.controls())
        return [name for name in names if name]

    async def fire(self, control: BaseControl, event: str, **properties: Any) -> None:
        """An event from the client, after it changed properties of the control; then quiet."""
        await self.event(control, event, **properties)
        await self.settle()

    async def event(self, control: BaseControl, event: str, **properties: Any) -> None:
        """The event alone: it is over when its handler is."""
        if properties:
            self.session.apply_patch(control._i, properties)
        await self.session.dispatch_event(control._i, event, None)

    async def click(self, name: str) -> None:
        """Tap a control."""
        await self.fire(self.named(name), "click")

    async def type(self, name: str, text: str) -> None:
        """Type into a field."""
        await self.fire(self.named(name), "change", value=text)

    async def select(self, name: str, code: str) -> None:
        """Choose from a drop-down."""
        await self.fire(self.named(name), "change", value=code)

    async def choose(self, name: str, code: str) -> None:
        """Open a menu and choose from it, as the client tells of it."""
        menu: Any = self.named(name)
        await self.fire(menu, "open")
        item = next(each for each in menu.items if each.key == code)
        await self.fire(item, "click")

    async def press(self, key: str, *, shift: bool = False, ctrl: bool = False) -> None:
        """A key, wherever the focus is."""
        held = {"shift": shift, "ctrl": ctrl, "alt": False, "meta": False}
        await self._send(self.page, "keyboard_event", {"key": key, **held})

    async def focus(self, name: str, *, on: bool = True) -> None:
        """The focus comes to a field, or leaves it."""
        await self.fire(self.named(name), "focus" if on else "blur")

    def field(self, name: str, what: str = "value") -> Any:
        """What a field shows: its value, or its error."""
        return getattr(self.named(name), what, None)

    async def go(self, room: str) -> None:
        """Tap a room in the bar, by its name; a room behind the bar by its address."""
        bars = [c for c in self.controls() if isinstance(c, ft.NavigationBar)]
        if room in self.app.sections and bars:
            at = self.app.sections.index(room)
            await self.fire(bars[0], "change", selected_index=at)
        else:
            self.app.go(room)
            await self.settle()

    async def settle(self) -> None:
        """Let threads, handlers and re-renders finish."""
        acts = [task for task in self._acts() if not task.done()]
        if acts:
            await asyncio.wait(acts, timeout=PATIENCE_S / 5)
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.03:
            before = len(asyncio.all_tasks())
            await asyncio.sleep(0.005)
            if len(asyncio.all_tasks()) != before:
                quiet_since = time.monotonic()

    def _acts(self) -> list[asyncio.Task[None]]:
        """What the window has begun, but for its clock."""
        tasks = self.app._tasks
        return [task for task in tasks if getattr(task.get_coro(), "__name__", "") != "_tick"]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something that must come true."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, f"never came; on the screen: {self.texts()}"
            await asyncio.sleep(0.01)

    async def close(self) -> None:
        """Close the window and stop what it started."""
        self.session.close()
        await self.settle()
        self.connection.executor.shutdown(wait=False)


@contextlib.asynccontextmanager
async def window(
    device: FakeDevice,
    language: str = "uk",
    width: int = 390,
    route: str = "/",
    *,
    phone: Phone | None = None,
) -> AsyncIterator[Window]:
    """A window on a fake device, closed at the end; no handler in it may end on Flet's red page."""
    opened = Window(width, route)
    try:
        yield await opened.show(device.services, language, phone=phone)
    finally:
        await opened.close()
    assert opened.connection.crashes == []


@contextlib.asynccontextmanager
async def first_run(
    starter: FakeStarter, language: str = "uk", *, phone: Phone | None = None
) -> AsyncIterator[Window]:
    """A window where there is no device yet."""
    opened = Window()
    try:
        yield await opened.show(starter.open, language, phone=phone, starter=starter)
    finally:
        await opened.close()
    assert opened.connection.crashes == []

"""The app without a client: render, fire events, look at the controls. Tens of milliseconds a test.

Flet renders components while it encodes messages, so a connection that encodes and forgets is all
that is needed. Private names of the pinned Flet are used here and nowhere else in the tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from client.branding import Branding
from client.main import build_app
from client.viewmodels.ports import Services
from tests.client.ui.fake import FakeDevice

PATIENCE_S = 10.0
_SKIPPED = ("args", "kwargs", "fn", "data")


def _encode(message: object) -> None:
    msgpack.packb(message, default=configure_encode_object_for_msgpack(BaseControl))


class _Connection(Connection):
    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test/"
        self.session: Any = None
        self.invoked: list[tuple[str, Any]] = []

    def send_message(self, message: Any) -> None:
        _encode([message.action, message.body])
        body = message.body
        if type(body).__name__ == "InvokeMethodRequestBody":
            self.invoked.append((body.name, body.args))
            self.loop.call_soon(
                self.session.handle_invoke_method_results, body.control_id, body.call_id, None, None
            )


class Window:
    """One window on the app, as a phone unless told otherwise."""

    def __init__(self, width: int = 390, route: str = "/") -> None:
        self.connection = _Connection()
        self.session = self.connection.session = Session(self.connection)
        self.page = self.session.page
        size = {"width": width, "height": 844}
        self.session.apply_page_patch({"route": route, "web": False, **size})
        _context_page.set(self.page)
        _encode(self.session.get_page_patch())
        context.reset_auto_update()

    async def show(
        self, open_services: Callable[[str | None], Services], language: str = "uk"
    ) -> Window:
        """Start the app and wait until it stands still."""
        branding = Branding(name="Надріччя", language=language)
        target = build_app(Path("unused"), branding=branding, open_services=open_services)
        await target(self.page)
        await self.settle()
        return self

    def controls(self) -> list[BaseControl]:
        """Every control on the screen, top view last."""
        found: list[BaseControl] = []
        seen: set[int] = set()

        def walk(node: Any) -> None:
            if isinstance(node, list | tuple):
                for child in node:
                    walk(child)
            elif isinstance(node, BaseControl) and id(node) not in seen:
                seen.add(id(node))
                found.append(node)
                for field in dataclasses.fields(node):
                    if field.name not in _SKIPPED and not field.name.startswith("_parent"):
                        walk(getattr(node, field.name, None))

        walk(self.page.views)
        return found

    def views(self) -> list[Any]:
        """The views on the stack."""
        return [c for c in self.controls() if isinstance(c, ft.View)]

    async def resize(self, width: int) -> None:
        """The window gets another width."""
        self.session.apply_page_patch({"width": width})
        await self.session.dispatch_event(self.page._i, "resize", {"width": width, "height": 844})
        await self.settle()

    def texts(self) -> list[str]:
        """Every text on the screen, in order: texts, labels, hints, buttons."""
        words: list[str] = []
        for control in self.controls():
            for name in ("value", "label", "hint_text", "helper", "error", "text", "content"):
                value = getattr(control, name, None)
                if isinstance(value, str) and value:
                    words.append(value)
        return words

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
        """An event from the client, after it changed properties of the control."""
        if properties:
            self.session.apply_patch(control._i, properties)
        await self.session.dispatch_event(control._i, event, None)
        await self.settle()

    async def click(self, name: str) -> None:
        """Tap a control."""
        await self.fire(self.named(name), "click")

    async def type(self, name: str, text: str) -> None:
        """Type into a field."""
        await self.fire(self.named(name), "change", value=text)

    async def go(self, index: int) -> None:
        """Tap an entry of the navigation bar or rail."""
        bars = [c for c in self.controls() if isinstance(c, ft.NavigationBar | ft.NavigationRail)]
        await self.fire(bars[0], "change", selected_index=index)

    async def settle(self) -> None:
        """Let threads, handlers and re-renders finish."""
        quiet_since = time.monotonic()
        while time.monotonic() - quiet_since < 0.03:
            before = len(asyncio.all_tasks())
            await asyncio.sleep(0.005)
            if len(asyncio.all_tasks()) != before:
                quiet_since = time.monotonic()

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
    device: FakeDevice, language: str = "uk", width: int = 390, route: str = "/"
) -> AsyncIterator[Window]:
    """A window on a fake device, closed at the end."""
    opened = Window(width, route)
    try:
        yield await opened.show(device.services, language)
    finally:
        await opened.close()

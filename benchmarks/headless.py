"""The app without a client: a connection that encodes every message and notes when, and no more.

Flet renders components while it encodes, so what is measured here is all of Python's part of a
frame. Drawing it is Flutter's part, in another process, and no concern of this bench. Private names
of the pinned Flet are used here and nowhere else in the benchmarks.
"""

from __future__ import annotations

import asyncio
import dataclasses
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final

import flet as ft
import msgpack  # type: ignore[import-untyped]
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from benchmarks.clock import Took, now

if TYPE_CHECKING:
    from client.viewmodels.app import App

PATIENCE_S: Final = 120.0
QUIET_S: Final = 0.06
"""Nothing was sent for so long: the frame is complete."""
_SKIPPED: Final = ("args", "kwargs", "fn", "data")


class EncodingConnection(Connection):
    """Encodes what a client would be sent, and notes when the last of it was ready."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://bench/"
        self.session: Any = None
        self.sent = 0
        self.sent_bytes = 0
        self.last_sent = now()
        self.on_sent: Callable[[], None] = lambda: None

    def send_message(self, message: Any) -> None:
        """Encode; answer what the app asks of its client with nothing."""
        raw = _encode([message.action, message.body])
        self.sent += 1
        self.sent_bytes += len(raw)
        self.last_sent = now()
        self.on_sent()
        body = message.body
        if type(body).__name__ == "InvokeMethodRequestBody":
            self.loop.call_soon(
                self.session.handle_invoke_method_results, body.control_id, body.call_id, None, None
            )


class HeadlessWindow:
    """A phone's window on the app."""

    def __init__(self, width: int = 390) -> None:
        self.connection = EncodingConnection()
        self.session = self.connection.session = Session(self.connection)
        self.page: ft.Page = self.session.page
        self.session.apply_page_patch({"route": "/", "web": False, "width": width, "height": 844})
        _context_page.set(self.page)
        _encode(self.session.get_page_patch())  # type: ignore[no-untyped-call]
        context.reset_auto_update()  # type: ignore[no-untyped-call]

    @property
    def rendered(self) -> bool:
        """Whether the app has given the window its root component."""
        return hasattr(self.page.views, "args")

    @property
    def app(self) -> App:
        """The window's state: what the root component was given."""
        root: Any = self.page.views
        app: App = root.args[0]
        return app

    async def act(self, act: Callable[[], object], done: Callable[[], bool]) -> Took:
        """From an act until the last of its frame is encoded."""
        sent, started = self.connection.sent, now()
        act()
        await self.until(lambda: self.connection.sent > sent and done())
        return started.until(self.connection.last_sent)

    async def type(self, name: str, text: str) -> Took:
        """How long the loop is taken by what a key does in a field."""
        field = self.named(name)
        self.session.apply_patch(field._i, {"value": text})
        started = now()
        await self.session.dispatch_event(field._i, "change", None)
        return started.took()

    async def until(self, done: Callable[[], bool]) -> None:
        """Wait for what must come true; it is asked in quiet moments, because asking takes time.

        Raises:
            TimeoutError: it did not.
        """
        deadline = time.perf_counter() + PATIENCE_S
        while time.perf_counter() < deadline:
            await self.quiet()
            if done():
                return
        raise TimeoutError("the app did not show what it should")

    async def quiet(self) -> None:
        """Wait until nothing has been sent for a while."""
        asked = time.perf_counter()
        while True:
            left = max(self.connection.last_sent.wall, asked) + QUIET_S - time.perf_counter()
            if left <= 0:
                return
            await asyncio.sleep(left)

    def shows(self, name: str) -> bool:
        """Whether there is a control of this name or key on the screen."""
        return any(name in (control.key, _name(control)) for control in self.controls())

    def named(self, name: str) -> BaseControl:
        """What is inside the semantics of this name."""
        found: Any = next(each for each in self.controls() if _name(each) == name)
        content: BaseControl = found.content
        return content

    def controls(self) -> list[BaseControl]:
        """Every control on the screen."""
        return list(_walk(self.page.views, set()))

    async def close(self) -> None:
        """Close the window and stop what it started."""
        self.session.close()  # type: ignore[no-untyped-call]
        await asyncio.sleep(QUIET_S)
        self.connection.executor.shutdown(wait=False)


def _encode(message: object) -> bytes:
    default = configure_encode_object_for_msgpack(BaseControl)  # type: ignore[no-untyped-call]
    raw: bytes = msgpack.packb(message, default=default)
    return raw


def _name(control: BaseControl) -> str | None:
    return getattr(control, "identifier", None)


def _walk(node: Any, seen: set[int]) -> Iterator[BaseControl]:
    if isinstance(node, list | tuple):
        for child in node:
            yield from _walk(child, seen)
    elif isinstance(node, BaseControl) and id(node) not in seen:
        seen.add(id(node))
        yield node
        for field in dataclasses.fields(node):
            if field.name not in _SKIPPED and not field.name.startswith("_parent"):
                yield from _walk(getattr(node, field.name, None), seen)

"""A client that is not there: it takes every message, encodes it as Flet would, and forgets it."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgpack
from flet.controls.base_control import BaseControl
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.pubsub.pubsub_hub import PubSubHub


def encode(message: object) -> None:
    """Encode a message, which draws what is not drawn yet."""
    msgpack.packb(message, default=configure_encode_object_for_msgpack(BaseControl))


class FakeConnection(Connection):
    """Answers each call of a method with nothing; `crashes` are Flet's red pages."""

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.executor = ThreadPoolExecutor(2)
        self.pubsubhub = PubSubHub(loop=self.loop, executor=self.executor)
        self.page_url = "http://test/"
        self.session: Any = None
        self.invoked: list[tuple[str, Any]] = []
        self.crashes: list[str] = []

    def send_message(self, message: Any) -> None:
        """See the module."""
        encode([message.action, message.body])
        if message.action is MessageAction.SESSION_CRASHED:
            self.crashes.append(message.body.message)
        body = message.body
        if type(body).__name__ == "InvokeMethodRequestBody":
            self.invoked.append((body.name, body.args))
            self.loop.call_soon(
                self.session.handle_invoke_method_results, body.control_id, body.call_id, None, None
            )

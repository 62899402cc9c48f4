"""A camera that sees what a test shows it: a picture is the text of its code."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

import flet as ft

from client.services.scanning.scanner import Found, kind_of
from tests.client.ui.fake_doorstep import CITY

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice


class FakeScanner:
    """Reads the pictures of the camera below."""

    def __init__(self, device: FakeDevice) -> None:
        self.device = device

    def check(self) -> None:
        """Fails as it is told."""
        self.device.check()

    def look(self, picture: bytes) -> tuple[Found, ...]:
        """A code a picture, or none."""
        self.device.check()
        text = picture.decode()
        return (Found(kind_of(text, CITY), text),) if text else ()


class FakeCamera:
    """On until its pictures are not asked for any more."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.control = ft.Container(width=1, height=1)
        self.is_on = False
        self._trouble = trouble
        self._shown: asyncio.Queue[str] = asyncio.Queue()

    def show(self, *texts: str) -> None:
        """Hold these codes before it, one after the other."""
        for text in texts:
            self._shown.put_nowait(text)

    async def pictures(self) -> AsyncGenerator[bytes]:
        """What it was shown."""
        if self._trouble is not None:
            raise self._trouble
        self.is_on = True
        try:
            while True:
                yield (await self._shown.get()).encode()
        finally:
            self.is_on = False

"""The phone's camera through Flet's plugin. It is on while its control stands on the screen.

On a phone its pictures come as a stream, from memory to memory. Its other way, `take_picture`,
would write each into a file of the app and leave it there, and phones are searched: on a phone it
is never used. A browser has no stream; there `take_picture` makes a picture in its memory.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Any, Final

import flet as ft
import flet_camera as fc  # type: ignore[import-untyped]

from client.viewmodels.phone import CameraTrouble, Why

log = logging.getLogger(__name__)
MOUNT_S: Final = 10.0
STREAM_S: Final = 15.0
"""No picture for so long: the camera is not going to give any."""
PAUSE_S: Final = 0.06
"""Between pictures of a browser, so that the rest of the window has its turn."""
_STREAM_FORMATS: Final = {
    # Others come out empty of the plugin (NV21), or with a picture of the wrong kind.
    ft.PagePlatform.ANDROID: fc.ImageFormatGroup.YUV420,
    ft.PagePlatform.IOS: fc.ImageFormatGroup.BGRA8888,
}


@ft.control("Camera")
class _Mounted(fc.Camera):  # type: ignore[misc]
    """Flet's control, which tells when it may be spoken to."""

    def init(self) -> None:
        super().init()
        self.mounted = asyncio.Event()

    def did_mount(self) -> None:
        super().did_mount()
        self.mounted.set()


class FletCamera:
    """One camera for one scanning."""

    def __init__(self, page: ft.Page) -> None:
        self._web = page.web
        self._format = _STREAM_FORMATS.get(page.platform) if page.platform else None
        self._newest: asyncio.Queue[bytes] = asyncio.Queue(1)
        self._control = _Mounted(expand=True, on_stream_image=self._came)

    @property
    def control(self) -> ft.Control:
        """See `Camera`."""
        control: ft.Control = self._control
        return control

    async def pictures(self) -> AsyncGenerator[bytes]:
        """See `Camera`."""
        try:
            await self._start()
            while True:
                yield await self._next()
        except (RuntimeError, TimeoutError) as error:
            raise CameraTrouble(why(str(error))) from error

    async def _start(self) -> None:
        async with asyncio.timeout(MOUNT_S):
            await self._control.mounted.wait()
        # From here on without a time limit: the system may be asking the person for permission.
        found = await self._control.get_available_cameras()
        if not found:
            raise CameraTrouble("no_camera")
        back = [each for each in found if each.lens_direction is fc.CameraLensDirection.BACK]
        # A phone's processor makes a JPEG of each picture of the stream; a browser has help.
        size = fc.ResolutionPreset.HIGH if self._web else fc.ResolutionPreset.MEDIUM
        await self._control.initialize(
            (back or found)[0],
            size,
            enable_audio=False,
            image_format_group=None if self._web else self._format,
        )
        if self._web:
            return
        if not await self._control.supports_image_streaming():
            raise CameraTrouble("no_camera")
        await self._control.start_image_stream()

    async def _next(self) -> bytes:
        if not self._web:
            async with asyncio.timeout(STREAM_S):
                return await self._newest.get()
        await asyncio.sleep(PAUSE_S)
        picture: bytes = await self._control.take_picture()
        return picture

    def _came(self, event: Any) -> None:
        """A picture of the stream; the one before it that nobody has looked at is let go."""
        if self._newest.full():
            self._newest.get_nowait()
        self._newest.put_nowait(event.bytes)


def why(said: str) -> Why:
    """Why there is no picture, from the words of the plugin: `CameraException(code, …)`."""
    log.info("no camera: %s", said)
    if "AccessDenied" in said or "AccessRestricted" in said or "ermission" in said:
        return "denied"
    return "no_camera" if "cameraNotFound" in said else "failed"

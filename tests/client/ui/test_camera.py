"""Flet's camera behind the port: on phones a stream and never a file, in a browser pictures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import flet as ft
import flet_camera as fc
import pytest

from client.viewmodels.phone import CameraTrouble
from client.views import camera as module
from client.views.camera import FletCamera

pytestmark = pytest.mark.anyio
FRONT = fc.CameraDescription("front", fc.CameraLensDirection.FRONT, 90)
BACK = fc.CameraDescription("back", fc.CameraLensDirection.BACK, 90)


@dataclass
class FakePage:
    """What the camera asks of a page."""

    web: bool
    platform: ft.PagePlatform | None


ANDROID = FakePage(web=False, platform=ft.PagePlatform.ANDROID)
IPHONE = FakePage(web=False, platform=ft.PagePlatform.IOS)
BROWSER = FakePage(web=True, platform=ft.PagePlatform.ANDROID)


class Client:
    """Flet's client: answers the plugin's calls, and notes them."""

    def __init__(self, *cameras: fc.CameraDescription, streams: bool = True) -> None:
        self.cameras = cameras
        self.streams = streams
        self.calls: list[tuple[str, Any]] = []
        self.fails = ""
        self.streaming = asyncio.Event()

    async def __call__(self, name: str, arguments: Any = None) -> Any:
        self.calls.append((name, arguments))
        if name == "start_image_stream":
            self.streaming.set()
        if name == self.fails:
            raise RuntimeError("CameraException(CameraAccessDenied, …)")
        answers = {
            "get_available_cameras": [
                {
                    "name": each.name,
                    "lens_direction": each.lens_direction.value,
                    "sensor_orientation": each.sensor_orientation,
                }
                for each in self.cameras
            ],
            "supports_image_streaming": self.streams,
            "take_picture": b"picture",
        }
        return answers.get(name)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.calls]


@asynccontextmanager
async def on(page: FakePage, client: Client) -> AsyncIterator[tuple[FletCamera, Any]]:
    camera = FletCamera(page)  # type: ignore[arg-type]
    control = camera.control
    control._invoke_method = client  # type: ignore[method-assign]
    control.did_mount()  # type: ignore[no-untyped-call]
    async with aclosing(camera.pictures()) as pictures:
        yield camera, pictures


def seen(camera: FletCamera, picture: bytes) -> None:
    """The plugin's stream tells of a picture."""
    camera.control.on_stream_image(SimpleNamespace(bytes=picture))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("page", "kind"),
    [(ANDROID, fc.ImageFormatGroup.YUV420), (IPHONE, fc.ImageFormatGroup.BGRA8888)],
)
async def test_a_phone_streams_from_its_back_camera_without_a_file_or_a_microphone(
    page: FakePage, kind: fc.ImageFormatGroup
) -> None:
    client = Client(FRONT, BACK)
    async with on(page, client) as (camera, pictures):
        first = asyncio.ensure_future(anext(pictures))
        await asyncio.wait_for(client.streaming.wait(), 5)
        for picture in (b"old", b"newer", b"newest"):
            seen(camera, picture)
        assert await first in (b"newest", b"old")
        seen(camera, b"one more")
        seen(camera, b"the last")
        assert await anext(pictures) == b"the last"
    begun = dict(client.calls)["initialize"]
    assert begun["description"].name == "back"
    assert begun["enable_audio"] is False
    assert begun["image_format_group"] is kind
    assert "take_picture" not in client.names, "it would write a file and leave it there"


async def test_a_phone_that_cannot_stream_has_no_camera_rather_than_files() -> None:
    client = Client(BACK, streams=False)
    async with on(ANDROID, client) as (_, pictures):
        with pytest.raises(CameraTrouble) as trouble:
            await anext(pictures)
    assert trouble.value.why == "no_camera"
    assert "take_picture" not in client.names


async def test_a_phone_whose_stream_is_silent_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STREAM_S", 0.01)
    async with on(ANDROID, Client(BACK)) as (_, pictures):
        with pytest.raises(CameraTrouble) as trouble:
            await anext(pictures)
    assert trouble.value.why == "failed"


async def test_a_browser_takes_picture_after_picture() -> None:
    client = Client(FRONT)
    async with on(BROWSER, client) as (_, pictures):
        assert [await anext(pictures), await anext(pictures)] == [b"picture"] * 2
    assert "start_image_stream" not in client.names
    assert client.names.count("take_picture") == 2


@pytest.mark.parametrize("page", [ANDROID, BROWSER])
async def test_no_camera_and_no_permission_are_told_apart(page: FakePage) -> None:
    async with on(page, Client()) as (_, pictures):
        with pytest.raises(CameraTrouble) as trouble:
            await anext(pictures)
    assert trouble.value.why == "no_camera"
    client = Client(BACK)
    client.fails = "initialize"
    async with on(page, client) as (_, pictures):
        with pytest.raises(CameraTrouble) as trouble:
            await anext(pictures)
    assert trouble.value.why == "denied"


async def test_a_camera_that_never_comes_onto_the_screen_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "MOUNT_S", 0.01)
    async with aclosing(FletCamera(ANDROID).pictures()) as pictures:  # type: ignore[arg-type]
        with pytest.raises(CameraTrouble) as trouble:
            await anext(pictures)
    assert trouble.value.why == "failed"

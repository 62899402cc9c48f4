"""The phone's own abilities: one that is missing, refused or silent is "not there" and no crash."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import flet as ft
import flet_geolocator as geo
import pytest

from client.viewmodels.phone import Fix, Phone
from client.views.phone import FletPhone
from shared_schema.limits import BACKUP_BYTES_MAX

pytestmark = pytest.mark.anyio
ALLOWED = geo.GeolocatorPermissionStatus.WHILE_IN_USE


async def said(what: Any) -> Any:
    """What a plugin that behaves like this answers."""
    if isinstance(what, Exception):
        raise what
    return await what() if callable(what) else what


class Picker:
    """A file picker that answers as it is told, or raises."""

    answer: Any = None

    async def save_file(self, **options: Any) -> Any:
        return self._say()

    async def pick_files(self, **options: Any) -> Any:
        return self._say()

    def _say(self) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def picker(monkeypatch: pytest.MonkeyPatch) -> Picker:
    picker = Picker()
    monkeypatch.setattr(ft, "FilePicker", lambda: picker)
    monkeypatch.setattr(ft, "context", SimpleNamespace(page=SimpleNamespace(web=False)))
    return picker


@pytest.mark.parametrize(
    ("answer", "kept"), [("/sdcard/a.backup", True), (None, False), (RuntimeError("none"), False)]
)
async def test_a_file_is_kept_only_when_the_phone_says_so(
    picker: Picker, answer: Any, kept: bool
) -> None:
    picker.answer = answer
    assert await FletPhone().save_file("a.backup", b"x") is kept


@pytest.mark.parametrize(
    ("answer", "went"),
    [
        (ft.ShareResult(ft.ShareResultStatus.SUCCESS, ""), "yes"),
        (ft.ShareResult(ft.ShareResultStatus.DISMISSED, ""), "no"),
        (ft.ShareResult(ft.ShareResultStatus.UNAVAILABLE, ""), "unknown"),
        (RuntimeError("no share sheet here"), "no"),
    ],
)
async def test_a_file_went_only_when_the_phone_says_so(
    monkeypatch: pytest.MonkeyPatch, answer: Any, went: str
) -> None:
    sheet = SimpleNamespace(share_files=lambda files, **options: said(answer))
    monkeypatch.setattr(ft, "Share", lambda: sheet)
    assert await FletPhone().share_files({"a.bundle": b"x"}) == went


@pytest.mark.parametrize(
    ("answer", "raw"),
    [
        ([SimpleNamespace(size=4, bytes=b"copy")], b"copy"),
        ([SimpleNamespace(size=BACKUP_BYTES_MAX + 1, bytes=b"much")], None),
        ([], None),
        (None, None),
        (RuntimeError("no picker here"), None),
    ],
)
async def test_a_file_that_cannot_be_had_is_none(
    picker: Picker, answer: Any, raw: bytes | None
) -> None:
    picker.answer = answer
    assert await FletPhone().pick_file() == raw


def receiver(monkeypatch: pytest.MonkeyPatch, status: Any, found: Any) -> None:
    """A receiver with this permission and this answer."""

    locator = SimpleNamespace(
        request_permission=lambda: said(status), get_current_position=lambda: said(found)
    )
    monkeypatch.setattr(geo, "Geolocator", lambda **options: locator)


HERE = SimpleNamespace(latitude=48.51234, longitude=35.04321, accuracy=30.4)


async def test_a_position_is_in_hundred_thousandths(monkeypatch: pytest.MonkeyPatch) -> None:
    receiver(monkeypatch, ALLOWED, HERE)
    assert await FletPhone().position() == Fix(4_851_234, 3_504_321, 30)


async def never() -> None:
    await asyncio.sleep(3_600)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (geo.GeolocatorPermissionStatus.DENIED, HERE),
        (geo.GeolocatorPermissionStatus.DENIED_FOREVER, HERE),
        (ALLOWED, None),
        (ALLOWED, SimpleNamespace(latitude=None, longitude=None, accuracy=None)),
        (ALLOWED, RuntimeError("no receiver")),
        (RuntimeError("no plugin"), HERE),
        (ALLOWED, never),
    ],
)
async def test_no_receiver_no_permission_and_no_answer_are_all_no_position(
    monkeypatch: pytest.MonkeyPatch, status: Any, found: Any
) -> None:
    monkeypatch.setattr("client.views.phone.POSITION_S", 0.05)
    receiver(monkeypatch, status, found)
    assert await FletPhone().position() is None


async def test_a_plain_phone_can_do_nothing_and_says_so() -> None:
    phone = Phone()
    assert not await phone.save_file("a", b"x")
    assert await phone.pick_file() is None
    assert not phone.can_share
    assert await phone.share_files({"a": b"x"}) == "no"
    assert await phone.position() is None

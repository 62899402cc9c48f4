"""Pictures are hostile bytes: what a bad camera makes is read, what is no picture is refused."""

from __future__ import annotations

import contextlib
import io
import random
import sys
import zlib
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from client.services import qr
from client.services.scanning.pictures import (
    NoDecoder,
    NotAPicture,
    check_decoder,
    texts_in,
    texts_of_all,
)
from shared_schema.limits import SCAN_CODES_MAX, SCAN_PICTURE_BYTES_MAX
from tests import eye

TEXT = "misto:slip/1/abcdefgh234567abcd"


@pytest.fixture(autouse=True)
def _zbar() -> None:
    eye.need_zbar()


def saved(picture: Image.Image, kind: str = "png", **more: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def code(text: str = TEXT) -> Image.Image:
    return Image.open(io.BytesIO(qr.drawn(text))).convert("L")


@pytest.mark.parametrize("turned", [0, 7, 90, 180, 270])
def test_a_code_is_read_however_the_phone_is_held(turned: int) -> None:
    assert texts_in(saved(code().rotate(turned, expand=True, fillcolor=255), "jpeg")) == (TEXT,)


def test_a_front_camera_mirrors_and_is_read_all_the_same() -> None:
    assert texts_in(saved(ImageOps.mirror(code()))) == (TEXT,)


def test_a_code_photographed_badly_is_read() -> None:
    picture = eye.photographed(qr.drawn(TEXT), random.Random(5))
    assert texts_in(saved(picture, "jpeg")) == (TEXT,)


def test_a_picture_without_a_code_has_no_text() -> None:
    assert texts_in(saved(Image.new("RGB", (640, 480), (90, 120, 90)), "jpeg")) == ()


def test_a_text_that_is_not_utf_8_does_not_stop_the_others() -> None:
    import segno

    made = io.BytesIO()
    segno.make(b"\xff\xfe\x00\xff" * 8, mode="byte", micro=False).save(made, "png", scale=8)
    odd = Image.open(made).convert("L")
    both = Image.new("L", (odd.width + code().width + 80, 600), 255)
    both.paste(odd, (20, 20))
    both.paste(code(), (odd.width + 60, 20))
    assert TEXT in texts_in(saved(both))


def test_a_wall_of_codes_is_looked_at_to_a_limit() -> None:
    wall = Image.new("L", (1320, 1320), 255)
    for at in range(25):
        small = code(f"misto:{at}").resize((200, 200), Image.Resampling.NEAREST)
        wall.paste(small, (20 + at % 5 * 260, 20 + at // 5 * 260))
    assert len(texts_in(saved(wall))) == SCAN_CODES_MAX


def test_a_gif_gives_its_pictures_one_after_the_other() -> None:
    frames = [code(f"misto:{at}") for at in range(3)]
    raw = saved(frames[0], "gif", save_all=True, append_images=frames[1:])
    assert list(texts_of_all(raw)) == [("misto:0",), ("misto:1",), ("misto:2",)]


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is as large as this."""
    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x00\x00\x00\x00"

    def chunk(name: bytes, body: bytes) -> bytes:
        check = zlib.crc32(name + body).to_bytes(4, "big")
        return len(body).to_bytes(4, "big") + name + body + check

    rest = chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + rest


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.Image, "convert", never)
    with pytest.raises(NotAPicture, match="pixels"):
        texts_in(bomb(6_000, 6_000))
    with pytest.raises(NotAPicture):
        texts_in(bomb(60_000, 60_000))


def test_too_many_bytes_are_refused_before_anything_looks_at_them() -> None:
    with pytest.raises(NotAPicture, match="bytes"):
        texts_in(bytes(SCAN_PICTURE_BYTES_MAX + 1))


def hostile() -> Iterator[bytes]:
    whole = saved(code(), "jpeg")
    yield from (b"", b"GIF89a", b"\xff\xd8\xff", whole[: len(whole) // 2], b"BM" + bytes(60))
    yield b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"  # Pillow would start Ghostscript


@pytest.mark.parametrize("raw", list(hostile()))
def test_what_is_no_whole_picture_of_a_camera_is_refused(raw: bytes) -> None:
    with pytest.raises(NotAPicture):
        texts_in(raw)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2_000), st.binary(min_size=1, max_size=20))
def test_a_picture_damaged_anywhere_ends_in_texts_or_in_a_refusal(at: int, junk: bytes) -> None:
    raw = bytearray(saved(code(), "png"))
    raw[at % len(raw) : at % len(raw) + len(junk)] = junk
    with contextlib.suppress(NotAPicture):
        assert set(texts_in(bytes(raw))) <= {TEXT}


def test_without_zbar_it_is_said_before_the_camera_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pyzbar.pyzbar", None)
    with pytest.raises(NoDecoder):
        check_decoder()
    with pytest.raises(NoDecoder):
        texts_in(qr.drawn(TEXT))

"""The QR codes in a picture, read by zbar. A picture is hostile bytes: bounds before decoding.

Nothing is kept and nothing is written: a picture goes from memory to memory and is forgotten.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from shared_schema.errors import MistoError
from shared_schema.limits import SCAN_CODES_MAX, SCAN_PICTURE_BYTES_MAX, SCAN_PICTURE_PIXELS_MAX

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS: Final = ("JPEG", "PNG", "GIF")
"""What cameras and screenshots make, and what `misto codes show` does."""
_ENOUGH_PX: Final = (1600, 1600)
"""A JPEG larger than this is decoded at half its size or less: a code is large in its picture."""


class NoDecoder(MistoError):
    """This device has no zbar, or no Pillow: pictures cannot be read, texts can be typed."""

    code = "no_decoder"


class NotAPicture(MistoError):
    """The bytes are no picture, a damaged one, or a larger one than is looked at."""

    code = "not_a_picture"


def check_decoder() -> None:
    """Make sure that pictures can be read here.

    Raises:
        NoDecoder: they cannot.
    """
    try:
        import PIL.Image  # noqa: F401
        import pyzbar.pyzbar  # type: ignore[import-untyped] # noqa: F401 - looks for the library
    except (ImportError, OSError) as error:
        raise NoDecoder(str(error)) from error


def texts_in(picture: bytes) -> tuple[str, ...]:
    """The texts of the codes in a picture; none when there is no code that can be read.

    Raises:
        NoDecoder, NotAPicture: see there.
    """
    return next(texts_of_all(picture))


def texts_of_all(picture: bytes) -> Iterator[tuple[str, ...]]:
    """The same of each picture in a file: a GIF holds many. They are decoded as they are asked for.

    Raises:
        NoDecoder, NotAPicture: see there; a damaged file may have given pictures before.
    """
    check_decoder()
    if len(picture) > SCAN_PICTURE_BYTES_MAX:
        raise NotAPicture(f"longer than {SCAN_PICTURE_BYTES_MAX:,} bytes")
    # Pillow raises of everything under the sun when its bytes make no sense.
    try:
        for each in _decoded(picture):
            yield _read(each)
    except MistoError:
        raise
    except Exception as error:
        raise NotAPicture(type(error).__name__) from error


def _decoded(picture: bytes) -> Iterator[Image]:
    from PIL import Image, ImageSequence

    opened = Image.open(io.BytesIO(picture), formats=FORMATS)
    if opened.width * opened.height > SCAN_PICTURE_PIXELS_MAX:
        raise NotAPicture(f"more than {SCAN_PICTURE_PIXELS_MAX:,} pixels")
    opened.draft("L", _ENOUGH_PX)
    for each in ImageSequence.Iterator(opened):
        yield each.convert("L")


def _read(grey: Image) -> tuple[str, ...]:
    from pyzbar.pyzbar import ZBarSymbol, decode

    found = decode(grey, symbols=[ZBarSymbol.QRCODE])[:SCAN_CODES_MAX]
    return tuple(each.data.decode("utf-8", errors="replace") for each in found)

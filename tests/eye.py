"""A scanner without a camera: pictures of QR codes, spoiled as a cheap phone's are, and read.

zbar reads them (`scripts/zbar.sh`). On a developer's machine without it these tests are left out;
where all tests must run (CI) its absence is an error.
"""

from __future__ import annotations

import io
import os
import random
from pathlib import Path

import pytest
from PIL import Image, ImageFilter


def need_zbar() -> None:
    """Skip what needs zbar where there is none, but never in CI."""
    try:
        import pyzbar.pyzbar  # noqa: F401
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no zbar here: scripts/zbar.sh")


def read(picture: bytes | Path | Image.Image) -> list[str]:
    """The texts of all QR codes in a picture."""
    from pyzbar.pyzbar import ZBarSymbol, decode

    if isinstance(picture, Image.Image):
        seen = picture
    else:
        seen = Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture)
    found = decode(seen.convert("L"), symbols=[ZBarSymbol.QRCODE])
    return [each.data.decode("ascii") for each in found]


def photographed(picture: bytes, dice: random.Random) -> Image.Image:
    """The picture on a desk in the evening: turned, small, blurred, pale, noisy, and as a JPEG."""
    code = Image.open(io.BytesIO(picture)).convert("L")
    edge = max(code.size) // 4
    page = Image.new("L", (code.width + 2 * edge, code.height + 2 * edge), 210)
    page.paste(code.point(lambda light: 60 + light * 150 // 255), (edge, edge))
    page = page.rotate(dice.uniform(-12, 12), Image.Resampling.BICUBIC, fillcolor=210)
    page = page.resize((page.width * 2 // 3, page.height * 5 // 8), Image.Resampling.BILINEAR)
    page = page.filter(ImageFilter.GaussianBlur(0.8))
    noise = Image.frombytes("L", page.size, dice.randbytes(page.width * page.height))
    taken = io.BytesIO()
    Image.blend(page, noise, 0.12).save(taken, "jpeg", quality=60)
    return Image.open(taken)

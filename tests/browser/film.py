"""A film for the browser's pretended camera: codes held before it, one after the other, for ever.

Chromium plays the file in place of a camera (`--use-file-for-fake-video-capture`), so that all of
the way is real: the permission, the plugin, the pictures, the decoder, the app.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from PIL import Image

from client.services import qr

SIZE_PX: Final = (640, 480)
CODE_PX: Final = 440
PER_S: Final = 5
WALL: Final = 96
"""How light the wall behind the code is, 0 to 255."""
ALLOWED: Final = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
"""A person who allows the camera, and a camera that is a file."""


def filmed(path: Path, texts: Iterable[str]) -> Path:
    """A film of these codes as YUV4MPEG2, a fifth of a second each."""
    width, height = SIZE_PX
    with path.open("wb") as film:
        film.write(f"YUV4MPEG2 W{width} H{height} F{PER_S}:1 Ip A1:1 C420jpeg\n".encode())
        for text in texts:
            film.write(b"FRAME\n" + _seen(text).tobytes() + b"\x80" * (width * height // 2))
    return path


def before(film: Path) -> Sequence[str]:
    """What Chromium is started with, to see it."""
    return (*ALLOWED, f"--use-file-for-fake-video-capture={film}")


def _seen(text: str) -> Image.Image:
    picture = Image.new("L", SIZE_PX, WALL)
    if text:
        code = Image.open(io.BytesIO(qr.drawn(text))).convert("L")
        shown = code.resize((CODE_PX, CODE_PX), Image.Resampling.BILINEAR)
        picture.paste(shown, ((SIZE_PX[0] - CODE_PX) // 2, (SIZE_PX[1] - CODE_PX) // 2))
    return picture

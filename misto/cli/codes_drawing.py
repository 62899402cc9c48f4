"""Drawing codes: in a terminal, two squares of the code a character, or as pictures."""

from __future__ import annotations

import io
import signal
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from client.services import qr
from misto.cli.errors import Problem

if TYPE_CHECKING:
    from PIL.Image import Image

    from shared_schema.sync.frames import Splitter

BORDER: Final = 2
"""Light squares around the code; the terminal has to give the rest."""
_HALVES: Final = {(True, True): "█", (True, False): "▀", (False, True): "▄", (False, False): " "}
"""Light above, light below. Written light on dark, whatever the terminal's own colours are."""


def play(splitter: Splitter, frames: int, per_second: float) -> None:
    """Show code after code until Ctrl-C, or so many.

    Raises:
        Problem: it is no terminal, or one too small for the code.
    """
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    console = Console()
    if not console.is_terminal:
        raise Problem("this is no terminal; --png DIR or --gif FILE writes the codes as pictures")
    _check_room(console.width, console.height, drawn(splitter.text(0)))
    style = "bright_white on black"
    # A shell starts what runs in the background with it ignored, and then this would never end.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with Live(console=console, screen=True, auto_refresh=False) as live:
            for number in islice(count(), frames or None):
                told = f"code {number + 1}, {splitter.needed} do; Ctrl-C ends it"
                live.update(Text(f"{drawn(splitter.text(number))}\n{told}", style), refresh=True)
                time.sleep(1 / per_second)
    except KeyboardInterrupt:  # the ordinary end
        return


def drawn(content: str) -> str:
    """A code as lines of text."""
    import segno

    rows = [
        [not dark for dark in row]
        for row in segno.make(content, error="m", micro=False).matrix_iter(border=BORDER)
    ]
    rows += [[True] * len(rows[0])] if len(rows) % 2 else []
    return "\n".join(
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )


def _check_room(width: int, height: int, code: str) -> None:
    lines = code.splitlines()
    if width < len(lines[0]) or height < len(lines) + 1:
        raise Problem(
            f"the code takes {len(lines[0])} columns and {len(lines) + 1} lines, this terminal has"
            f" {width} and {height}: make it larger or its letters smaller, or use --gif FILE"
        )


def write_pictures(splitter: Splitter, frames: int, folder: Path) -> list[Path]:
    """So many codes as PNG files in a folder, which may be there and empty.

    Raises:
        FolderTaken: there is something in it.
    """
    from misto.files import check_free

    check_free(folder)
    folder.mkdir(parents=True, exist_ok=True)
    width = len(str(frames))
    files = [folder / f"code-{number + 1:0{width}}.png" for number in range(frames)]
    for number, path in enumerate(files):
        path.write_bytes(qr.drawn(splitter.text(number)))
    return files


def write_gif(splitter: Splitter, frames: int, path: Path, per_second: float) -> None:
    """So many codes as one moving picture that begins anew at its end."""
    first, *others = _pictures(splitter, frames)
    duration_ms = round(1000 / per_second)
    first.save(
        path, "GIF", save_all=True, append_images=others, duration=duration_ms, loop=0,
        optimize=False, disposal=1,
    )  # fmt: skip


def _pictures(splitter: Splitter, frames: int) -> Iterator[Image]:
    from PIL import Image

    for number in range(frames):
        yield Image.open(io.BytesIO(qr.drawn(splitter.text(number)))).convert("1")

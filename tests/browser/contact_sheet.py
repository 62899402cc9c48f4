"""Many pictures on one sheet, with captions, for eyes: what no test sees is seen here.

A picture of a whole room is long; it stands as several columns side by side, so that its letters
stay large enough to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from PIL import Image, ImageDraw, ImageFont

WIDTH_MAX: Final = 1_568
HEIGHT_MAX: Final = 1_568
"""A sheet that is larger than this is looked at through a keyhole: the next one begins."""
GAP: Final = 12
CAPTION: Final = 22
GROUND, INK = "#3A4142", "#FFFFFF"
FONTS: Final = (
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
)


class Cell(NamedTuple):
    """A picture, or a column of a long one, with what stands above it."""

    caption: str
    picture: Image.Image


def sheets(pictures: Sequence[Path], target: Path, *, high: int, scale: float = 1) -> list[Path]:
    """Put pictures on as many sheets as they need: `target` with a number each.

    Args:
        high: how many pixels of a picture stand in one column.
        scale: how much of its size a picture keeps.
    """
    made: list[Path] = []
    rows: list[list[Cell]] = []
    for row in _rows(_cells(pictures, high, scale)):
        if rows and _height([*rows, row]) > HEIGHT_MAX:
            made.append(_draw(rows, target, len(made) + 1))
            rows = []
        rows.append(row)
    if rows:
        made.append(_draw(rows, target, len(made) + 1))
    return made


def _cells(pictures: Iterable[Path], high: int, scale: float) -> Iterator[Cell]:
    for path in pictures:
        with Image.open(path) as opened:
            whole = opened.convert("RGB")
        for part, top in enumerate(range(0, max(1, whole.height), high)):
            column = whole.crop((0, top, whole.width, min(top + high, whole.height)))
            size = (round(column.width * scale), max(1, round(column.height * scale)))
            caption = path.stem if part == 0 else f"… {part + 1}"
            yield Cell(caption, column.resize(size, Image.Resampling.LANCZOS))


def _rows(cells: Iterable[Cell]) -> Iterator[list[Cell]]:
    row: list[Cell] = []
    for cell in cells:
        if row and sum(each.picture.width + GAP for each in [*row, cell]) + GAP > WIDTH_MAX:
            yield row
            row = []
        row.append(cell)
    if row:
        yield row


def _height(rows: Sequence[Sequence[Cell]]) -> int:
    tallest = (max(cell.picture.height for cell in row) for row in rows)
    return GAP + sum(high + CAPTION + GAP for high in tallest)


def _draw(rows: Sequence[Sequence[Cell]], target: Path, number: int) -> Path:
    width = max(GAP + sum(cell.picture.width + GAP for cell in row) for row in rows)
    sheet = Image.new("RGB", (width, _height(rows)), GROUND)
    draw, font = ImageDraw.Draw(sheet), _font()
    top = GAP
    for row in rows:
        left = GAP
        for cell in row:
            draw.text((left, top), cell.caption, INK, font)
            sheet.paste(cell.picture, (left, top + CAPTION))
            left += cell.picture.width + GAP
        top += max(cell.picture.height for cell in row) + CAPTION + GAP
    path = target.with_name(f"{target.name}-{number}.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path, optimize=True)
    return path


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    found = next((each for each in FONTS if Path(each).exists()), None)
    return ImageFont.truetype(found, 14) if found else ImageFont.load_default()

"""Texts as pictures of QR codes, made here, from nothing but their content."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final, Literal

SCALE_PX: Final = 8
MARGIN_MODULES: Final = 2
"""Scanners find a code by the white around it; the card that it stands on has the rest."""


@lru_cache(maxsize=4)
def picture(content: str) -> bytes:
    """A QR code as a PNG, of which 15 % may be unreadable; it may be kept for the next drawing."""
    return drawn(content)


def drawn(content: str, kind: Literal["png", "svg"] = "png", **more: bool) -> bytes:
    """The same, kept nowhere: for secrets that are shown once.

    Args:
        more: options of segno's SVG.
    """
    import segno

    made = io.BytesIO()
    code = segno.make(content, error="m", micro=False)
    code.save(made, kind=kind, scale=SCALE_PX, border=MARGIN_MODULES, **more)
    return made.getvalue()

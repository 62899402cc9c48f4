"""What the phone itself can do for the app: files, the position. The real ones are Flet's.

`client.views.phone` puts Flet's services behind these; without them (tests, a desktop without a
receiver) each says that it is not there, and the app goes on.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fix:
    """A position in hundred-thousandths of a degree, and how far off it may be."""

    lat_e5: int
    lon_e5: int
    within_m: int


class Phone:
    """A device that can do nothing of it."""

    async def save_file(self, name: str, content: bytes) -> bool:
        """Let the person put a file somewhere; False when they did not."""
        return False

    async def pick_file(self) -> bytes | None:
        """A file that the person chose, or None."""
        return None

    async def position(self) -> Fix | None:
        """Where the device is, roughly, or None when that is not known or not allowed."""
        return None

"""What the phone itself can do for the app: files, the position, a camera.

The real ones are Flet's: `client.views.phone` puts its services behind these. Without them (tests,
a desktop without a receiver) each says that it is not there, and the app goes on.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

Shared = Literal["yes", "no", "unknown"]
"""Whether a file went anywhere; some systems open their share sheet and never tell."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A position in hundred-thousandths of a degree, and how far off it may be."""

    lat_e5: int
    lon_e5: int
    within_m: int


Why = Literal["denied", "no_camera", "failed", "quiet"]


class CameraTrouble(Exception):
    """There are no pictures, and this is why."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Camera(Protocol):
    """A camera that is on while its control stands on the screen."""

    @property
    def control(self) -> object:
        """What shows what it sees; a view puts it on the screen."""
        ...

    def pictures(self) -> AsyncGenerator[bytes]:
        """One picture after the other, encoded, always the newest; none of them on any disk.

        Raises:
            CameraTrouble: there are none.
        """
        ...


class Phone:
    """A device that can do nothing of it."""

    async def save_file(self, name: str, content: bytes) -> bool:
        """Let the person put a file somewhere; False when they did not."""
        return False

    @property
    def can_share(self) -> bool:
        """Whether the system can pass a file on to another app or device by itself."""
        return False

    async def share_files(self, files: Mapping[str, bytes]) -> Shared:
        """Let the person pass files on: to a messenger, by Bluetooth, to whoever is near."""
        return "no"

    async def pick_file(self) -> bytes | None:
        """A file that the person chose, or None."""
        return None

    async def position(self) -> Fix | None:
        """Where the device is, roughly, or None when that is not known or not allowed."""
        return None

    @property
    def can_scan(self) -> bool:
        """Whether this kind of device can have a camera that the app may use."""
        return False

    def camera(self) -> Camera:
        """A camera that is not on yet; only where there can be one."""
        raise NotImplementedError

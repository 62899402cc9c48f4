"""What a fake device has seen the city sign, and contradict."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from client.services.witness import Split

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice


@dataclass
class FakeWitness:
    """As told."""

    device: FakeDevice
    splits: list[Split] = field(default_factory=list)
    read: int = 0

    def found(self) -> tuple[Split, ...]:
        """All."""
        return tuple(self.splits)

    def unread(self) -> bool:
        """Whether there are more than were read."""
        return len(self.splits) > self.read

    def mark_read(self) -> None:
        """All of them."""
        self.device.check()
        self.read = len(self.splits)

    def evidence(self) -> bytes:
        """Something to keep."""
        return b"evidence"

"""The doorstep of a device in memory: slips, and what they open."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING, Any, NamedTuple

from client.services.types import AppealView, SaidLine
from shared_schema.crypto.slip import Slip, read_slip
from tests.client.ui.samples import appeal

if TYPE_CHECKING:
    from tests.client.ui.fake import FakeDevice

CITY = b"c" * 16


class FakeCollected(NamedTuple):
    """What collecting gives."""

    slip: Slip
    record: str
    sender: str = "5e" * 16


class FakeDoorstep:
    """Takes what it is given; `at_city` is what the city answers about a slip."""

    def __init__(self, device: FakeDevice) -> None:
        self.device = device
        self.slip = Slip(secrets.token_bytes(10), CITY)  # no other test has it
        self.taken: list[Any] = []
        self.kept: list[FakeCollected] = []
        self.here: list[AppealView] = []
        self.at_city: list[AppealView] = []
        self.open: list[FakeClaimed] = []

    def collect(self, opened: Any) -> FakeCollected:
        """An appeal, taken."""
        self.device.check()
        self.taken.append(opened)
        self.kept.append(FakeCollected(self.slip, self.device.next_record()))
        return self.kept[-1]

    def unhanded(self) -> list[FakeCollected]:
        """Slips that nobody has confirmed to have."""
        return [*self.kept]

    def handed(self, taken: FakeCollected) -> None:
        """One that somebody has."""
        self.device.check()
        self.kept.remove(taken)

    def claim(self, text: str) -> FakeClaimed:
        """A thread, opened; real words are read as ever."""
        read_slip(text, CITY)
        claimed = FakeClaimed(self)
        self.open.append(claimed)
        return claimed

    def look(self, claimed: FakeClaimed) -> bool:
        """Ask the city."""
        self.device.check()
        self.here = [*self.at_city] or self.here
        return bool(self.here)


@dataclasses.dataclass
class FakeClaimed:
    """An open slip."""

    doorstep: FakeDoorstep
    adopted: bool = False
    closed: bool = False

    def views(self) -> list[AppealView]:
        """What there is."""
        assert not self.closed
        return [*self.doorstep.here]

    def comment(self, record: str, text: str) -> AppealView:
        """Words added."""
        self.doorstep.device.check()
        (item,) = self.doorstep.here
        said = (*item.said, SaidLine(item.created_at_ms, False, text, pending=True))
        self.doorstep.here = [dataclasses.replace(item, said=said, pending=True)]
        return self.doorstep.here[0]

    def adopt(self) -> None:
        """Among the own ones."""
        self.doorstep.device.check()
        self.adopted = True
        self.doorstep.device.appeal_items += self.doorstep.here

    def close(self) -> None:
        """Forgotten."""
        self.closed = True


def answered(record: str = "slip1") -> AppealView:
    """An appeal that the city has answered."""
    said = (SaidLine(1_790_000_000_000, True, "Майстер буде в четвер."),)
    return appeal(
        record, title="Тече дах", state="answered", said=said,
        receipt_number="ЗВ-000007", received_at_ms=1_790_000_000_000,
    )  # fmt: skip

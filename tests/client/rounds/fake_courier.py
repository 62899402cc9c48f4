"""A courier without bundles: what is carried is what a test says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from client.services.courier.clearing import sort
from client.services.courier.types import Carried, Cleared, CourierState


def request(
    sender: str, *, done: bool = False, said: int = 0, urgency: int = 0, came_ms: int = 0,
    number: int = 1,
) -> Carried:  # fmt: skip
    """One carried request of a device."""
    name = f"{sender}{number:02x}"
    replied_ms = 1_790_000_000_000 if said else None
    return Carried(name, sender, urgency, 1, 400, came_ms, "lan", replied_ms, done, said)


@dataclass
class FakeCourier:
    """`rounds.types.CourierPort`."""

    here: list[Carried] = field(default_factory=list)
    own_waiting: int = 0

    def carried(self) -> list[Carried]:
        return list(self.here)

    def state(self) -> CourierState:
        waiting = [each for each in self.here if not each.done]
        return CourierState(
            requests=len(self.here),
            bytes=sum(each.size for each in self.here),
            budget_bytes=1_000_000,
            waiting=len(waiting),
            waiting_urgent=sum(each.urgency >= 2 for each in waiting),
            replies=sum(each.replied_ms is not None for each in self.here),
            oldest_ms=min((each.came_ms for each in waiting), default=None),
            own_waiting=self.own_waiting,
        )

    def clear(self, handed: Mapping[str, int], *, replies_too: bool = False) -> Cleared:
        found = sort(self.here, handed, replies_too=replies_too)
        self.here = list(found.kept)
        return found.cleared

    def answer(self, said: int = 1) -> None:
        """The city has received everything, and said so much to each."""
        self.here = [replace(each, done=True, replied_ms=7, said=said) for each in self.here]
        self.own_waiting = 0

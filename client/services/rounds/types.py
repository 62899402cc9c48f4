"""What a round hands to the UI and the command line: frozen values, Unix milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple, Protocol

from client.services.courier.types import Carried, Cleared, CourierState, Delivered

Mark = Literal["", "visited", "nobody", "come_back"]
MARKS: Final[tuple[Mark, ...]] = Mark.__args__  # type: ignore[attr-defined]
Lack = Literal["urgent", "carried", "own", "replies", "slips", "unsaved"]
Deliver = Callable[[], Delivered]
"""Brings everything to the city: what is this device's own, then what it carries."""


class CourierPort(Protocol):
    """What a round asks of the courier; see `services.courier`."""

    def carried(self) -> list[Carried]:
        """What is carried for others, most urgent first."""

    def state(self) -> CourierState:
        """How much is carried, and whether all has been handed over."""

    def clear(self, handed: Mapping[str, int], *, replies_too: bool = False) -> Cleared:
        """Wipe what may go; see `services.courier.clearing`."""


class Missing(NamedTuple):
    """What is not handed over yet, and how many of it."""

    what: Lack
    """urgent and carried: requests without the city's receipt. own: own changes without one.
    replies: the city's replies that are here and were not handed to whom they are for.
    slips: slips made here of which nobody has said that they are with their owners.
    unsaved: an appeal that was being taken and was not confirmed; only its window knows of it."""
    amount: int


class Light(NamedTuple):
    """The light of a round. Green says that nothing is missing, and nothing else does."""

    missing: tuple[Missing, ...]

    @property
    def green(self) -> bool:
        """Whether everything was handed over, to the city and from it."""
        return not self.missing


@dataclass(frozen=True, slots=True)
class StopView:
    """A door of the round."""

    id: str
    street: str
    building: str
    mark: Mark
    marked_ms: int
    """By this device's clock; 0 while there is no mark."""
    note: str
    waiting: int
    """Requests taken here on which the city has not given its verdict."""
    replies: int
    """Replies of the city for somebody here that were not handed over."""

    @property
    def done(self) -> bool:
        """Whether nobody need go there again."""
        return self.mark == "visited" and not self.replies


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What handing in did: one summary for the person."""

    delivered: int
    """Requests that the city has given all its verdicts on now, and had not before."""
    cleared: Cleared
    """What went then, what stayed, and why."""


@dataclass(frozen=True, slots=True)
class RoundView:
    """The whole round."""

    stops: tuple[StopView, ...]
    """By street and building."""
    here: str
    """The id of the door where the volunteer stands, or nothing."""
    light: Light
    carried: CourierState
    loose_replies: tuple[str, ...]
    """Senders, in hex, whose replies are here and of whom no door is known."""
    slips: tuple[str, ...] = ()
    """Devices, in hex, that are slips made here and not said to be given to their owners."""

    @property
    def done(self) -> int:
        """Doors that need not be gone to again."""
        return sum(stop.done for stop in self.stops)

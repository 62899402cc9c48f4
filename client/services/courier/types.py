"""What couriers hand to the UI and the command line: frozen values, times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Source = Literal["lan", "file", "qr", "collected"]
"""How something came here. `collected` was written on this very device for somebody else."""


@dataclass(frozen=True, slots=True)
class Refused:
    """Why some items of a bundle were not taken."""

    what: str
    """`request`, `reply`, `public` or `change`."""
    reason: str
    """A stable slug: an error's code, `full`, `import_share`, `sender_share`, `unknown_request`,
    `not_allowed`, `older`."""
    count: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a bundle that was taken. All of it is durable by now."""

    requests: int = 0
    """Requests of others that are stored now and were not before."""
    replies: int = 0
    """Replies to others' requests that are stored now, new or in place of an older one."""
    own_replies: int = 0
    """Replies to this device's own requests that said something new."""
    settled: int = 0
    """Own changes that had no verdict before."""
    arrived: int = 0
    """Changes that are new in the own log: trust, news, and what the desk has said."""
    known: int = 0
    """Items that were here already, or say nothing new."""
    unknown: int = 0
    """Items of types that this version does not know."""
    refused: tuple[Refused, ...] = ()
    flaw: str = ""
    """Why the bundle was not read to its end: `cut`, `damaged`, `too_large`, `too_many`."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of posting carried requests to the city."""

    posted: int = 0
    answered: int = 0
    """Posted requests whose replies are stored now."""
    done: int = 0
    """Requests of which the city has said about every change how it ended, for the first time."""
    arrived: int = 0
    """Changes that are new in the own log."""


@dataclass(frozen=True, slots=True)
class CourierState:
    """What this device carries for others, and whether everything has been handed over."""

    requests: int
    bytes: int
    budget_bytes: int
    waiting: int
    """Carried requests without the city's verdict on all their changes."""
    waiting_urgent: int
    """Those of them with urgency 2 or 3."""
    replies: int
    """Replies to hand back."""
    oldest_ms: int | None
    """Since when the oldest waiting request has been here, by this device's clock."""
    own_waiting: int
    """Own changes without a verdict."""

    @property
    def all_handed_over(self) -> bool:
        """Whether the city has given its verdict on everything here: true only by its signature."""
        return not self.waiting and not self.own_waiting


@dataclass(frozen=True, slots=True)
class Carried:
    """A request that is carried for somebody else; nobody here can open it."""

    request: str
    """Its id in hex."""
    sender: str
    """The sender's device in hex."""
    urgency: int
    changes: int
    size: int
    came_ms: int
    source: str
    replied_ms: int | None
    """The city's clock in the reply that is here, or None."""
    done: bool
    said: int = 0
    """How many verdicts and words of the desk the reply has for the sender."""


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was wiped after the city's receipts, and what was kept and why."""

    requests: int
    bytes: int
    kept: int
    """Requests that stay, for one reason or for both."""
    kept_urgent: int
    waiting: int
    """Those of them without the city's verdict on all their changes."""
    owed: int
    """People who are still to be given a reply, and of whom nothing was wiped."""
    lost: int
    """People whose replies were wiped without having been handed over, as was asked."""

"""What services hand to the UI and the command line: frozen values, times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from shared_schema.records.appeal import Position

PartState = Literal["waiting", "carried", "received", "refused", "held"]
AppealState = Literal[
    "waiting", "received", "refused", "held", "registered", "in_progress", "answered", "returned",
    "closed", "withdrawn",
]  # fmt: skip
APPEAL_STATES: Final[tuple[AppealState, ...]] = AppealState.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """A step of an appeal's status history."""

    at_ms: int
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A text in an appeal's thread."""

    at_ms: int
    by_desk: bool
    text: str
    pending: bool = False


@dataclass(frozen=True, slots=True)
class OwnPart:
    """One own change of a thread, and how far it has come."""

    kind: str
    at_ms: int
    state: PartState
    reason: str = ""
    received_at_ms: int | None = None
    carried_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class AppealView:
    """An appeal as its author or the desk sees it."""

    record: str
    title: str
    text: str
    lane: str
    kind: str
    category: str
    address: str
    district: str
    name: str
    contact: str
    state: AppealState
    reason: str
    """Why it was refused or held (the name of the reason, lower case), else empty."""
    receipt_number: str
    """The number of the city's receipt, empty until there is one."""
    received_at_ms: int | None
    created_at_ms: int
    number: str
    """The desk's journal number, empty until registered."""
    status: str
    history: tuple[HistoryStep, ...]
    said: tuple[SaidLine, ...]
    withdrawn: bool
    mine: bool
    pending: bool
    """Whether some change of this thread made here has no receipt yet."""
    residence: str = ""
    position: Position | None = None
    place: str = ""
    stars: int = 0
    """The author's rating of the answer; 0 when there is none."""
    rating_note: str = ""
    parts: tuple[OwnPart, ...] = ()
    """Own changes in the order in which they were saved; empty for others' threads."""
    by_slip: bool = False
    """Whether a claim slip's device opened it: it was taken at a door, on another device."""

    @property
    def amendable(self) -> bool:
        """Whether the author may still change the wording."""
        return self.mine and not (self.number or self.withdrawn or self.state == "refused")

    @property
    def city_words(self) -> int:
        """How much the city has said and done in this thread."""
        return len(self.history) + sum(line.by_desk for line in self.said)


@dataclass(frozen=True, slots=True)
class NewsView:
    """A news item."""

    record: str
    title: str
    text: str
    topic: str
    district: str
    priority: str
    published_at_ms: int
    changed_at_ms: int
    expires_at_ms: int
    corrections: int
    withdrawn: bool
    note: str
    pending: bool
    read: bool = True
    confirmed: bool = True
    """False for what one person alone calls urgent: it is no alert until another one signs it."""
    confirmable: bool = False
    """Whether this device may sign it now."""
    by: str = ""
    """Who wrote it, as the grant calls them; told to the newsroom of what awaits a signature."""

    def expired(self, now_ms: int) -> bool:
        """Whether it is past its date; 0 never expires."""
        return 0 < self.expires_at_ms <= now_ms


@dataclass(frozen=True, slots=True)
class SyncState:
    """How this replica stands towards the city."""

    last_success_ms: int | None
    """By this device's clock; shown as an age."""
    waiting: int
    refused: int
    running: bool = False
    last_error: str | None = None
    """The code of the error that ended the last attempt, or None."""
    server: str = ""
    bytes_up: int = 0
    """What this session has sent and got, headers included."""
    bytes_down: int = 0
    carrying: int = 0
    """Requests of others that are here and that the city has not given its verdict on."""


@dataclass(frozen=True, slots=True)
class ExchangeResult:
    """What one exchange did."""

    pushed: int = 0
    accepted: int = 0
    refused: tuple[tuple[str, str], ...] = ()
    """Record (hex) and reason of each refusal."""
    held: int = 0
    pulled: int = 0
    forged: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    round_trips: int = 0
    complete: bool = False
    """Nothing waits here and nothing is missing."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An own change that the city refused; its text stays readable and can be filed again."""

    record: str
    kind: str
    reason: str
    text: str

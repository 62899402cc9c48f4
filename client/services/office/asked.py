"""What an officer asks of the queue, and what the answer is. Times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from client.services.office.case import Case
from client.services.office.clock import Deadline, State
from client.services.office.likeness import Likeness
from client.services.types import AppealView

View = Literal["new", "soon", "overdue", "mine", "returned", "signals", "conflicts", "open", "all"]
VIEWS: Final[tuple[View, ...]] = View.__args__  # type: ignore[attr-defined]
"""The saved views. `new`, `soon`, `overdue`, `mine` and `signals` hold what is still open;
`returned` what was sent back; `conflicts` what waits for a person's choice, open or not.
"""
Sort = Literal[
    "urgency", "received", "changed", "number", "category", "district", "status", "assignee"
]
SORTS: Final[tuple[Sort, ...]] = Sort.__args__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases, in which order. An empty field does not limit."""

    view: View = "open"
    queue: str = ""
    lane: str = ""
    kind: str = ""
    category: str = ""
    district: str = ""
    status: str = ""
    """`new` asks for what is not registered."""
    assignee: str = ""
    """`-` asks for what nobody takes care of."""
    received_from_ms: int = 0
    received_until_ms: int = 0
    text: str = ""
    """All of these words must begin a word of the case, or be in its number."""
    sort: Sort = "urgency"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A row of the table."""

    case: Case
    state: State
    due: Deadline | None
    """What binds the desk next."""
    urgency: int = 0
    """0 routine to 3 life in danger, as the topic says when an appeal is filed."""
    conflict: bool = False
    """Whether desks disagree about a field, and a person has to settle it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of the table."""

    rows: tuple[CaseRow, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to filter by, each with how many cases have it, the most frequent first."""

    queues: tuple[tuple[str, int], ...] = ()
    categories: tuple[tuple[str, int], ...] = ()
    districts: tuple[tuple[str, int], ...] = ()
    assignees: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the values that desks have given a field while they could not see each other."""

    head: str
    """The id (hex) of the act, to settle with."""
    value: str
    """As it is said: a status, a name, a journal number, a record."""
    by: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field with rivals, the one in force first."""

    field: str
    """registration, status, assignee, merged or forwarded."""
    rivals: tuple[Rival, ...]


@dataclass(frozen=True, slots=True)
class OfficeNote:
    """A note among officers."""

    at_ms: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Folder:
    """One case in full: everything an officer needs on the table."""

    case: Case
    thread: AppealView
    state: State
    deadlines: tuple[Deadline, ...]
    notes: tuple[OfficeNote, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    supporters: tuple[Case, ...] = ()
    """Those merged into this one."""
    merged_into: Case | None = None
    duplicates: tuple[tuple[Case, Likeness], ...] = ()
    """Likely duplicates that are not merged, the most alike first."""
    legal_from_ms: int = 0
    """The earliest receipt among this case and its supporters: the terms run from here."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an act on several cases did: which were done, and which not, with the error's code."""

    done: tuple[str, ...] = ()
    failed: tuple[tuple[str, str], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Template:
    """A reply that is written often; placeholders in braces are filled from the case.

    {number}, {receipt}, {name}, {title}, {date} (of receipt), {deadline}, {officer}.
    """

    name: str
    text: str

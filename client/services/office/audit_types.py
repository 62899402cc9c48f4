"""What an audit asks of the log and what the answer is. Times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Standing = Literal[
    "received", "waiting", "refused", "held", "aside", "let_go", "damaged", "missing"
]
"""How a change stands: with the city, on its way, not taken, not counted. Of old news only the id
is kept (`let_go`); `damaged` cannot be read, and `missing` is not in the log any more."""
Role = Literal["desk", "newsroom", "enrolment", "sender"]
"""What the log says a device was in this scope; a sender has no role: a resident."""
SENDERS: Final = "-"
"""In place of a device: all that have no role in the scope."""
FindingCode = Literal[
    "missing", "altered", "disagrees", "unsigned", "broken_chain", "receipt", "digest",
    "statement", "no_statement", "fork", "skipped", "gap", "later", "unplaced", "only_chain",
    "waiting",
    "refused", "let_go",
]  # fmt: skip
"""See `proving`, which says what each means."""
GRAVE: Final[frozenset[FindingCode]] = frozenset(
    {
        "missing", "altered", "disagrees", "unsigned", "broken_chain", "receipt", "digest",
        "statement",
    }
)  # fmt: skip
"""Something is not as it was signed. All others say what is not proven, or not yet."""


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which changes of one scope. An empty field does not limit."""

    scope: str = ""
    """Its name; the first one of `Audit.scopes` when empty."""
    device: str = ""
    """The first letters of a device's id in hex, or `SENDERS`."""
    kind: str = ""
    record: str = ""
    """The first letters of a record's id in hex, a journal number or a receipt number."""
    from_ms: int = 0
    until_ms: int = 0
    """Of the city's receipt, or of the device's clock while there is none; without the end."""
    newest: bool = True
    """The other way round is the order in which the city has numbered them."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """Who did what, when."""

    scope: str
    """In which it was said: of an appeal that was handed on, that of another queue too."""
    version: int
    """Its place in the log that was asked for, as the city has numbered it; 0 while it has none."""
    standing: Standing
    received_at_ms: int | None
    """When the city received it."""
    made_at_ms: int | None
    """By the device's own clock, which may be wrong."""
    device: str
    seq: int
    who: str
    """How the device is called in its grant; empty when it has none."""
    role: Role
    kind: str
    """Its name; the number of a kind that this version does not know."""
    record: str
    said: str
    """What it says, in short; empty when it cannot be opened here."""
    opened: bool
    counts: bool
    """Whether it counts by the city's rules; what was done without a right does not."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some entries, and how many there are in all."""

    entries: tuple[AuditEntry, ...]
    offset: int
    total: int


@dataclass(frozen=True, slots=True)
class Person:
    """A device that has, or had, a role in a scope."""

    device: str
    label: str
    role: Role


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was found: what, how often, and where first."""

    code: FindingCode
    count: int
    first: str = ""
    """A version (`#17`), a place in a device's stream (`1a2b3c4d/3`), or nothing."""

    @property
    def grave(self) -> bool:
        """Whether something is not as it was signed."""
        return self.code in GRAVE


@dataclass(frozen=True, slots=True)
class ScopeProof:
    """What is proven of a scope on this device, and what is not."""

    scope: str
    held: int
    """Changes in the log: of the scope, and what other queues said to what was handed on."""
    streams: int
    """Devices that wrote them, each with a chain of its own."""
    version: int | None
    """Everything up to this version is here, unaltered, as the server has signed it; or None."""
    signed_at_ms: int | None
    """When the server signed that, by its clock."""
    findings: tuple[Finding, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether completeness is proven, and nothing is wrong."""
        return self.version is not None and not any(each.grave for each in self.findings)

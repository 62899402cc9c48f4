"""A case: an appeal as the desk sees it, with what its journal says. Times in Unix milliseconds."""

from __future__ import annotations

from dataclasses import dataclass

from shared_schema.records.appeal import Position


@dataclass(frozen=True, slots=True)
class Case:
    """One appeal in one queue. Everything here was opened in memory and is nowhere on disk."""

    record: str
    """Hex."""
    queue: str
    lane: str
    """`appeal` (identified, with the statutory clock) or `signal`."""
    kind: str
    """proposal, application, complaint; empty for a signal."""
    title: str
    text: str
    category: str
    district: str
    address: str
    position: Position | None
    name: str
    residence: str
    contact: str
    created_at_ms: int
    received_at_ms: int
    """When the city received it (the server's receipt): legal terms run from here."""
    receipt_number: str
    number: str = ""
    """The journal number; empty until registered."""
    registered_at_ms: int | None = None
    status: str = ""
    """Empty while new; else registered, in_progress, answered, returned or closed."""
    changed_at_ms: int = 0
    answered_at_ms: int | None = None
    """When it was answered, returned or closed first."""
    classifier: str = ""
    """The code of the state classifier, from the registration."""
    marks: tuple[str, ...] = ()
    """Of primary, repeat, duplicate, recurring, mass (первинне, повторне, дублетне, …)."""
    collective: int = 0
    """How many people signed; 0 for one person."""
    privileged: bool = False
    """The applicant belongs to those whose appeals come first (law 393/96-ВР)."""
    assignee: str = ""
    extended: bool = False
    """The term was extended to 45 days, with notice to the applicant."""
    forwarded_at_ms: int | None = None
    """When it was handed on to a queue that is not one of this desk's."""
    merged_into: str = ""
    """The record that this one was merged into; empty for a case of its own."""
    supporters: tuple[str, ...] = ()
    """Records merged into this one, directly or not, the oldest first: who waits for the same."""
    waiting: int = 0
    """How many of the supporters have not withdrawn theirs."""
    earliest_ms: int | None = None
    """The earliest receipt of an identified appeal among itself and its supporters, if it has any.
    """
    conflicts: tuple[str, ...] = ()
    """Fields about which desks disagree: registration, status, assignee, merged, forwarded."""
    withdrawn: bool = False
    place: str = ""
    stars: int = 0
    said: int = 0
    """Texts in the thread so far."""

    @property
    def gone(self) -> bool:
        """Whether it is nobody's matter any more: goes on in another one, or all have withdrawn."""
        return bool(self.merged_into) or (self.withdrawn and not self.waiting)

    @property
    def settled(self) -> bool:
        """Whether nobody has to do anything any more."""
        return self.gone or self.status in ("answered", "returned", "closed")

    @property
    def open(self) -> bool:
        """Whether somebody at this desk still has to do something."""
        return not self.settled and self.forwarded_at_ms is None

    @property
    def legal_from_ms(self) -> int | None:
        """Since when the terms of the law run; None for a signal that no appeal supports."""
        if self.earliest_ms is not None:
            return self.earliest_ms
        return self.received_at_ms if self.lane == "appeal" else None

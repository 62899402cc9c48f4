"""The desk's journal card of an appeal: what officers note beside the thread, and its fold.

Some of it the resident never receives: assignments, notes and merges are *internal* kinds, sealed
under a key that only the queue's officers can derive, and left out of the author's mailbox. Fields
that have one value (registration, status, assignee, merge) are multi-value registers: each act
names the acts that it has seen and replaces. Two desks that act while cut off from each other
leave two heads; both are shown until a person settles it, by an act that names both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, NamedTuple, TypeVar

import msgspec

from shared_schema.ids import ID_BYTES
from shared_schema.limits import ACT_OVER_MAX
from shared_schema.records.acts import in_order
from shared_schema.records.appeal import (
    Act,
    Extended,
    Forwarded,
    Mark,
    Over,
    Registered,
    Short,
    StatusSet,
    Text,
)

MARKS: Final[tuple[Mark, ...]] = ("primary", "repeat", "duplicate", "recurring", "mass")
OVER_BYTES: Final = 8
RecordId = Annotated[str, msgspec.Meta(pattern=rf"^([0-9a-f]{{{2 * ID_BYTES}}})?\Z")]
V = TypeVar("V")


class Assigned(msgspec.Struct, array_like=True, frozen=True):
    """`desk.assigned`, internal: who takes care of it; empty for nobody."""

    to: Short
    over: Over = None


class Noted(msgspec.Struct, array_like=True, frozen=True):
    """`desk.noted`, internal: a note among officers."""

    text: Text


class Merged(msgspec.Struct, array_like=True, frozen=True):
    """`desk.merged`, internal: it is about the same matter as another record; empty undoes it."""

    into: RecordId
    over: Over = None


class Value(NamedTuple, Generic[V]):
    """One rival of a field: what, who, when (hybrid time) and the act's id."""

    value: V
    time: int
    device: bytes
    id: bytes


@dataclass(frozen=True, slots=True)
class Register(Generic[V]):
    """A field with one value: the heads, last one first. More than one is a conflict."""

    heads: tuple[Value[V], ...] = ()

    @property
    def value(self) -> V | None:
        """The value in force: of rivals the last by (time, device, seq), like everywhere."""
        return self.heads[0].value if self.heads else None

    @property
    def conflict(self) -> bool:
        """Whether a person has to choose: desks that said the same have not said two things."""
        return (
            len(self.heads) > 1
            and len({msgspec.json.encode(_said(head.value)) for head in self.heads}) > 1
        )

    @property
    def over(self) -> list[str]:
        """What the next act of this field must name to replace all that is known now."""
        return [_name(head) for head in self.heads][:ACT_OVER_MAX]


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note."""

    time: int
    device: bytes
    text: str
    id: bytes


@dataclass(frozen=True, slots=True)
class JournalCard:
    """What the desk holds of one appeal, beside its thread."""

    registration: Register[Registered]
    status: Register[StatusSet]
    assignee: Register[str]
    merged: Register[str]
    forwarded: Register[str]
    """The queue that has it; no value where it has never been forwarded."""
    notes: tuple[Note, ...]
    extended_at: int | None
    forwarded_at: int | None
    registered_at: int | None
    answered_at: int | None
    """When it was answered, returned or closed first."""

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The names of the fields about which desks disagree."""
        fields = ("registration", "status", "assignee", "merged", "forwarded")
        return tuple(name for name in fields if getattr(self, name).conflict)


_ENDS: Final = ("answered", "returned", "closed")


def fold_card(acts: Iterable[Act]) -> JournalCard:
    """The card that the desk's acts of one record make, in any order and however often given."""
    desk = in_order(act for act in acts if act.by_desk)
    registered = _of(desk, Registered)
    extended, forwarded = _of(desk, Extended), _of(desk, Forwarded)
    ends = [act for act in _of(desk, StatusSet) if act.payload.status in _ENDS]
    return JournalCard(
        registration=_register(registered, lambda payload: payload),
        status=_register(_of(desk, StatusSet), lambda payload: payload),
        assignee=_register(_of(desk, Assigned), lambda payload: payload.to),
        merged=_register(_of(desk, Merged), lambda payload: payload.into),
        forwarded=_register(forwarded, lambda payload: payload.to),
        notes=tuple(
            Note(act.time, act.device, act.payload.text, act.id) for act in _of(desk, Noted)
        ),
        extended_at=extended[0].time if extended else None,
        forwarded_at=forwarded[-1].time if forwarded else None,
        registered_at=registered[0].time if registered else None,
        answered_at=ends[0].time if ends else None,
    )


def _of(acts: Sequence[Act], sort: type[msgspec.Struct]) -> list[Any]:
    return [act for act in acts if type(act.payload) is sort]


def _said(value: object) -> object:
    """A value without what it replaced, which two desks may have seen differently."""
    if isinstance(value, Registered | StatusSet):
        return msgspec.structs.replace(value, over=None)
    return value


def _register(acts: Sequence[Any], value: Callable[[Any], V]) -> Register[V]:
    """The acts that no other act has replaced, the last one first."""
    heads = acts
    if len(acts) > 1:
        replaced = {name for act in acts for name in act.payload.over or ()}
        replaced |= _replaced_unnamed(acts)
        heads = [act for act in acts if _name(act) not in replaced]
    return Register(
        tuple(Value(value(act.payload), act.time, act.device, act.id) for act in reversed(heads))
    )


def _replaced_unnamed(acts: Sequence[Any]) -> set[str]:
    """What the last act of the first release replaces.

    It names nothing; it replaces whatever stands before it in the order, which is what it meant
    then. But never what was said in full view of it, by an act that names it or names one that
    does: where clocks ran ahead such an act may stand before it, and both would replace each other.
    """
    last = max((at for at, act in enumerate(acts) if act.payload.over is None), default=None)
    if last is None:
        return set()
    by_named: dict[str, list[str]] = {}
    for act in acts:
        for name in act.payload.over or ():
            by_named.setdefault(name, []).append(_name(act))
    aware: set[str] = set()
    left = [_name(acts[last])]
    while left:
        found = [name for name in by_named.get(left.pop(), ()) if name not in aware]
        aware.update(found)
        left.extend(found)
    return {_name(act) for act in acts[:last]} - aware


def _name(act: Any) -> str:
    named: bytes = act.id[:OVER_BYTES]
    return named.hex()

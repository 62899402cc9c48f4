"""Appeal threads: what can be said in one, and the fold that turns what was said into a state.

Law 393/96-ВР on citizens' appeals shapes the lanes and kinds: an identified «звернення» (proposal,
application, complaint) with the statutory clock, and a pseudonymous «сигнал» without one. Texts are
append-only; single-valued fields take the last by (time, device, seq), rivals are kept and shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_CHARS_MAX)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARS_MAX)]
Short = Annotated[str, msgspec.Meta(max_length=SHORT_CHARS_MAX)]
Lane = Literal["appeal", "signal"]
AppealKind = Literal["proposal", "application", "complaint", ""]
Status = Literal["registered", "in_progress", "answered", "returned", "closed"]

LANES: Final = ("appeal", "signal")
APPEAL_KINDS: Final = ("proposal", "application", "complaint")
STATUSES: Final = ("registered", "in_progress", "answered", "returned", "closed")
CATEGORIES: Final = (
    "danger", "shelter", "water", "power", "heat", "health", "damage", "aid", "roads", "light",
    "waste", "transport", "connection", "documents", "education", "housing", "green", "yard",
    "noise", "animals", "other",
)  # fmt: skip


class Opened(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.opened`: the appeal itself. A signal may leave `name` and `contact` empty."""

    lane: Lane
    kind: AppealKind
    title: Title
    text: Text
    category: Short = ""
    address: Short = ""
    district: Short = ""
    name: Short = ""
    contact: Short = ""


class Amended(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.amended`: the author's new wording, allowed until the desk has registered it."""

    title: Title
    text: Text
    category: Short = ""
    address: Short = ""


class Withdrawn(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.withdrawn`: the author takes the appeal back."""

    note: Short = ""


class Commented(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.commented`: the author adds to the thread."""

    text: Text


class Registered(msgspec.Struct, array_like=True, frozen=True):
    """`desk.registered`: the desk entered the appeal in its journal under `number`."""

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: Short = ""


class StatusSet(msgspec.Struct, array_like=True, frozen=True):
    """`desk.status`: where the matter stands."""

    status: Status
    note: Short = ""


class Replied(msgspec.Struct, array_like=True, frozen=True):
    """`desk.replied`: the desk's words to the author."""

    text: Text


Payload = Opened | Amended | Withdrawn | Commented | Registered | StatusSet | Replied


class Act(NamedTuple):
    """One change of a thread, opened, with what the fold may go by."""

    time: int
    """Hybrid time, already clamped to the receipt."""
    device: bytes
    seq: int
    id: bytes
    by_desk: bool
    received_at_ms: int | None
    payload: Payload

    @property
    def order(self) -> tuple[int, bytes, int, bytes]:
        """The total order of acts, the same on every replica."""
        return (self.time, self.device, self.seq, self.id)


class Said(NamedTuple):
    """A text in the thread: who, when (hybrid time), what."""

    time: int
    by_desk: bool
    text: str
    id: bytes


class StatusStep(NamedTuple):
    """A step of the status history."""

    time: int
    status: str
    note: str
    device: bytes
    id: bytes


@dataclass(frozen=True, slots=True)
class Thread:
    """The state of one appeal. `rivals` are journal numbers that lost to `number`."""

    record: bytes
    opened: Opened
    opener: bytes
    time: int
    received_at_ms: int | None
    title: str
    text: str
    category: str
    address: str
    withdrawn: bool = False
    number: str = ""
    rivals: tuple[str, ...] = ()
    status: str = ""
    history: tuple[StatusStep, ...] = field(default=())
    said: tuple[Said, ...] = field(default=())
    amended: int = 0


def fold_thread(record: bytes, acts: Iterable[Act]) -> Thread | None:
    """The thread that these acts make, in whatever order and however often they are given.

    Returns None while the opening act is missing. An amendment counts when it stands before the
    first registration in the order of acts; a later one stays in the log and changes nothing.
    """
    ordered = sorted({act.id: act for act in acts}.values(), key=lambda act: act.order)
    opening = next((act for act in ordered if isinstance(act.payload, Opened)), None)
    if opening is None:
        return None
    assert isinstance(opening.payload, Opened)
    own = [act for act in ordered if not act.by_desk and act.device == opening.device]
    desk = [act for act in ordered if act.by_desk]
    number, rivals, registered_at = _registration(desk)
    amended = [act for act in own if isinstance(act.payload, Amended) and act.order < registered_at]
    wording = amended[-1].payload if amended else opening.payload
    assert isinstance(wording, Amended | Opened)
    history = tuple(_history(desk))
    return Thread(
        record=record,
        opened=opening.payload,
        opener=opening.device,
        time=opening.time,
        received_at_ms=opening.received_at_ms,
        title=wording.title,
        text=wording.text,
        category=wording.category or opening.payload.category,
        address=wording.address or opening.payload.address,
        withdrawn=any(isinstance(act.payload, Withdrawn) for act in own),
        number=number,
        rivals=rivals,
        status=history[-1].status if history else "",
        history=history,
        said=tuple(_said(own + desk)),
        amended=len(amended),
    )


_Order = tuple[int, bytes, int, bytes]
_NEVER: Final[_Order] = (2**64, b"", 0, b"")


def _registration(desk: list[Act]) -> tuple[str, tuple[str, ...], _Order]:
    made = [(act, act.payload) for act in desk if isinstance(act.payload, Registered)]
    if not made:
        return "", (), _NEVER
    number = made[-1][1].number
    rivals = dict.fromkeys(payload.number for _, payload in made if payload.number != number)
    return number, tuple(rivals), made[0][0].order


def _history(desk: list[Act]) -> Iterable[StatusStep]:
    for act in desk:
        if isinstance(act.payload, Registered):
            yield StatusStep(act.time, "registered", act.payload.note, act.device, act.id)
        elif isinstance(act.payload, StatusSet):
            yield StatusStep(act.time, act.payload.status, act.payload.note, act.device, act.id)


def _said(acts: list[Act]) -> Iterable[Said]:
    for act in sorted(acts, key=lambda act: act.order):
        if isinstance(act.payload, Replied if act.by_desk else Commented):
            assert isinstance(act.payload, Replied | Commented)
            yield Said(act.time, act.by_desk, act.payload.text, act.id)

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

from shared_schema.limits import ACT_OVER_MAX, SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.acts import Order, in_order

Title = Annotated[str, msgspec.Meta(min_length=1, max_length=TITLE_CHARS_MAX)]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=TEXT_CHARS_MAX)]
Short = Annotated[str, msgspec.Meta(max_length=SHORT_CHARS_MAX)]
ActName = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]
"""The first eight bytes of a change's id: within one record that names it."""
Lane = Literal["appeal", "signal"]
AppealKind = Literal["proposal", "application", "complaint", ""]
Status = Literal["registered", "in_progress", "answered", "returned", "closed"]

LANES: Final = ("appeal", "signal")
APPEAL_KINDS: Final = ("proposal", "application", "complaint")
EXTENDED: Final = "extended"
"""A step of the history that is no status: the term was made longer, with notice."""
FORWARDED: Final = "forwarded"
"""Another one: another queue has it now; the note begins with the queue's name."""
STATUSES: Final = ("registered", "in_progress", "answered", "returned", "closed")
CATEGORIES: Final = (
    "danger", "shelter", "water", "power", "heat", "health", "damage", "aid", "roads", "light",
    "waste", "transport", "connection", "documents", "education", "housing", "green", "yard",
    "noise", "animals", "other",
)  # fmt: skip
URGENCY: Final = {
    "danger": 2,
    "shelter": 2,
    "water": 1,
    "power": 1,
    "heat": 1,
    "health": 1,
}
"""By category; what is not here is routine (0)."""


class Position(msgspec.Struct, array_like=True, frozen=True):
    """About where: WGS 84 in hundred-thousandths of a degree, and how far off that may be."""

    lat_e5: Annotated[int, msgspec.Meta(ge=-9_000_000, le=9_000_000)]
    lon_e5: Annotated[int, msgspec.Meta(ge=-18_000_000, le=18_000_000)]
    within_m: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Opened(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.opened`: the appeal itself. A signal may leave `name` and `contact` empty.

    `residence` is what article 5 of the law asks of an identified appeal; `address` and `position`
    say where the matter is. `place` is the record (hex) of a place of the directory it is about.
    """

    lane: Lane
    kind: AppealKind
    title: Title
    text: Text
    category: Short = ""
    address: Short = ""
    district: Short = ""
    name: Short = ""
    contact: Short = ""
    residence: Short = ""
    position: Position | None = None
    place: Short = ""


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


class Rated(msgspec.Struct, array_like=True, frozen=True):
    """`appeal.rated`: what the author thinks of the answer, 1 (bad) to 5; the last one counts."""

    stars: Annotated[int, msgspec.Meta(ge=1, le=5)]
    note: Short = ""


Mark = Literal["primary", "repeat", "duplicate", "recurring", "mass"]
Over = Annotated[list[ActName], msgspec.Meta(max_length=ACT_OVER_MAX)] | None
"""The acts of the same field that this one has seen and replaces; None in acts of old versions."""


class Registered(msgspec.Struct, array_like=True, frozen=True):
    """`desk.registered`: the desk entered the appeal in its journal under `number`.

    `classifier` is the code of the state classifier, `marks` are первинне, повторне, дублетне,
    неодноразове and масове, `collective` counts who signed (0 for one person).
    """

    number: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    note: Short = ""
    classifier: Short = ""
    marks: Annotated[list[Mark], msgspec.Meta(max_length=len(Mark.__args__))] = msgspec.field(
        default_factory=list
    )
    collective: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    privileged: bool = False
    over: Over = None


class StatusSet(msgspec.Struct, array_like=True, frozen=True):
    """`desk.status`: where the matter stands."""

    status: Status
    note: Short = ""
    over: Over = None


class Extended(msgspec.Struct, array_like=True, frozen=True):
    """`desk.extended`: the term is 45 days, and this is the notice to the applicant (art. 20)."""

    note: Short = ""


class Forwarded(msgspec.Struct, array_like=True, frozen=True):
    """`desk.forwarded`: another queue has it now, and this is the notice to the applicant (art. 7).

    Said in the scope of that queue, with the thread's key wrapped to it.
    """

    to: Short
    """The name of the queue."""
    receipt: Short = ""
    """The number of the city's receipt, which the other queue cannot work out."""
    note: Short = ""
    over: Over = None


class Replied(msgspec.Struct, array_like=True, frozen=True):
    """`desk.replied`: the desk's words to the author."""

    text: Text


Payload = (
    Opened | Amended | Withdrawn | Commented | Rated
    | Registered | StatusSet | Extended | Forwarded | Replied
)  # fmt: skip


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
    def order(self) -> Order:
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
    rating: Rated | None = None


def fold_thread(record: bytes, acts: Iterable[Act]) -> Thread | None:
    """The thread that these acts make, in whatever order and however often they are given.

    Returns None while the opening act is missing. An amendment counts when it stands before the
    first registration in the order of acts; a later one stays in the log and changes nothing.
    """
    ordered = in_order(acts)
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
    ratings = [act.payload for act in own if isinstance(act.payload, Rated)]
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
        status=_status(desk),
        history=tuple(_history(desk)),
        said=tuple(_said(own + desk)),
        amended=len(amended),
        rating=ratings[-1] if ratings else None,
    )


_NEVER: Final[Order] = (2**64, b"", 0, b"")


def _registration(desk: list[Act]) -> tuple[str, tuple[str, ...], Order]:
    made = [(act, act.payload) for act in desk if isinstance(act.payload, Registered)]
    if not made:
        return "", (), _NEVER
    number = made[-1][1].number
    rivals = dict.fromkeys(payload.number for _, payload in made if payload.number != number)
    return number, tuple(rivals), made[0][0].order


def _status(desk: list[Act]) -> str:
    """The last status; a registration is one only while none has been said.

    To enter an appeal once more, as a correction or because two desks did, opens nothing anew. In
    the first release it did, and its acts (which have no `over`) mean that still.
    """
    status = ""
    for act in desk:
        if isinstance(act.payload, StatusSet):
            status = act.payload.status
        elif isinstance(act.payload, Registered) and (act.payload.over is None or not status):
            status = "registered"
    return status


def _history(desk: list[Act]) -> Iterable[StatusStep]:
    for act in desk:
        if isinstance(act.payload, Registered):
            yield StatusStep(act.time, "registered", act.payload.note, act.device, act.id)
        elif isinstance(act.payload, StatusSet):
            yield StatusStep(act.time, act.payload.status, act.payload.note, act.device, act.id)
        elif isinstance(act.payload, Extended):
            yield StatusStep(act.time, EXTENDED, act.payload.note, act.device, act.id)
        elif isinstance(act.payload, Forwarded):
            said = ": ".join(filter(None, (act.payload.to, act.payload.note)))
            yield StatusStep(act.time, FORWARDED, said, act.device, act.id)


def _said(acts: list[Act]) -> Iterable[Said]:
    for act in sorted(acts, key=lambda act: act.order):
        if isinstance(act.payload, Replied if act.by_desk else Commented):
            assert isinstance(act.payload, Replied | Commented)
            yield Said(act.time, act.by_desk, act.payload.text, act.id)

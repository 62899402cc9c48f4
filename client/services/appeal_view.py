"""From the state of a thread to what a person is shown of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from client.services.types import AppealState, AppealView, HistoryStep, OwnPart, SaidLine
from client.storage.log import State
from shared_schema.crypto.card import Card
from shared_schema.ids import QUEUE_PREFIX
from shared_schema.records.appeal import Act, Forwarded, Opened, Said, Thread
from shared_schema.sync.change import Change
from shared_schema.sync.hlc import milliseconds
from shared_schema.sync.statement import Reason

_STILL_OPEN: Final = ("registered", "in_progress")
_RECEIVED: Final = (State.ACCEPTED, State.PULLED)


class Standing(NamedTuple):
    """How the opening change of a thread stands with the city, and which ids still wait."""

    state: State
    reason: int
    receipt_number: str
    mine: bool
    waiting: Collection[bytes]
    parts: tuple[OwnPart, ...] = ()


def receipt_number(card: Card, scope: str, version: int) -> str:
    """The city's number for the change at `version` of a queue, the same on both sides.

    It is the default journal number too: «ЗВ» for «звернення», and the queue's name for queues
    other than the main one.
    """
    if not version:
        return ""
    queue = scope.removeprefix(QUEUE_PREFIX)
    return f"ЗВ-{version:06d}" if queue == card.main_queue else f"ЗВ-{queue}-{version:06d}"


def told_receipt(acts: Iterable[Act]) -> str:
    """The receipt's number as a forwarding tells it to a queue that cannot work it out."""
    said = (act.payload for act in acts)
    return next((each.receipt for each in said if isinstance(each, Forwarded)), "")


def view_of(thread: Thread, standing: Standing) -> AppealView:
    """A thread as its author or the desk sees it."""
    opened = thread.opened
    return AppealView(
        record=thread.record.hex(),
        title=thread.title,
        text=thread.text,
        lane=opened.lane,
        kind=opened.kind,
        category=thread.category,
        address=thread.address,
        district=opened.district,
        name=opened.name,
        contact=opened.contact,
        state=_state(thread, standing.state),
        reason=reason_name(standing.reason),
        receipt_number=standing.receipt_number,
        received_at_ms=thread.received_at_ms,
        created_at_ms=milliseconds(thread.time),
        number=thread.number,
        status=thread.status,
        history=tuple(
            HistoryStep(milliseconds(step.time), step.status, step.note) for step in thread.history
        ),
        said=tuple(_line(said, standing.waiting) for said in thread.said),
        withdrawn=thread.withdrawn,
        mine=standing.mine,
        pending=bool(standing.waiting),
        residence=opened.residence,
        position=opened.position,
        place=opened.place,
        stars=thread.rating.stars if thread.rating else 0,
        rating_note=thread.rating.note if thread.rating else "",
        parts=standing.parts,
    )


def just_filed(opened: Opened, change: Change) -> AppealView:
    """The view of an appeal that has this moment been saved, without folding anything."""
    return AppealView(
        change.record.hex(),
        opened.title,
        opened.text,
        opened.lane,
        opened.kind,
        opened.category,
        opened.address,
        opened.district,
        opened.name,
        opened.contact,
        state="waiting",
        reason="",
        receipt_number="",
        received_at_ms=None,
        created_at_ms=milliseconds(change.time),
        number="",
        status="",
        history=(),
        said=(),
        withdrawn=False,
        mine=True,
        pending=True,
        residence=opened.residence,
        position=opened.position,
        place=opened.place,
        parts=(OwnPart("appeal.opened", milliseconds(change.time), "waiting"),),
    )


def reason_name(reason: int) -> str:
    """A reason's stable slug; empty for none, `unknown` for one that this version has not."""
    try:
        return Reason(reason).name.lower() if reason else ""
    except ValueError:
        return "unknown"


def _state(thread: Thread, state: State) -> AppealState:
    """One word for it all. A thread that the desk has closed stays closed, withdrawn or not."""
    if state is State.REFUSED:
        return "refused"
    if thread.withdrawn and (not thread.status or thread.status in _STILL_OPEN):
        return "withdrawn"
    if thread.status:
        status: AppealState = thread.status  # type: ignore[assignment]
        return status
    if state is State.HELD:
        return "held"
    return "received" if state in _RECEIVED else "waiting"


def _line(said: Said, waiting: Collection[bytes]) -> SaidLine:
    return SaidLine(milliseconds(said.time), said.by_desk, said.text, said.id in waiting)

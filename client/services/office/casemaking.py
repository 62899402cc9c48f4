"""From the acts of an appeal to the desk's case of it. Pure; one act alone takes a short way."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from sys import intern

from client.services.office.case import Case
from shared_schema.records.appeal import Act, Opened, Thread, fold_thread
from shared_schema.records.desk import JournalCard, fold_card
from shared_schema.sync.hlc import milliseconds


def case_of(
    record: bytes,
    queue: str,
    receipt_number: str,
    acts: Sequence[Act],
    here: Collection[str] = (),
) -> Case | None:
    """The case that these acts make; None while the opening is missing.

    Args:
        queue: where it was opened.
        here: the queues of this desk: what has been handed on to another one is not theirs to do.
    """
    if len(acts) == 1 and isinstance(acts[0].payload, Opened):
        act = acts[0]
        return fresh(record, queue, receipt_number, (act.time, act.received_at_ms), acts[0].payload)
    thread = fold_thread(record, acts)
    if thread is None:
        return None
    card = fold_card(acts)
    case = _folded(card.forwarded.value or queue, receipt_number, thread, card)
    return case if case.queue in here else replace(case, forwarded_at_ms=_ms(card.forwarded_at))


def fresh(
    record: bytes, queue: str, receipt_number: str, times: tuple[int, int | None], opened: Opened
) -> Case:
    """The case of an appeal that nobody has said anything to yet.

    Args:
        times: its hybrid time, clamped, and when the city received it.
    """
    created = milliseconds(times[0])
    return Case(
        record.hex(), queue, opened.lane, opened.kind, opened.title, opened.text,
        intern(opened.category), intern(opened.district), opened.address, opened.position,
        opened.name, opened.residence, opened.contact, created, times[1] or created,
        receipt_number, changed_at_ms=created, place=opened.place,
    )  # fmt: skip


def _folded(queue: str, receipt_number: str, thread: Thread, card: JournalCard) -> Case:
    opened, created = thread.opened, milliseconds(thread.time)
    registration = card.registration.value
    times = [step.time for step in thread.history] + [said.time for said in thread.said]
    return Case(
        record=thread.record.hex(),
        queue=queue,
        lane=opened.lane,
        kind=opened.kind,
        title=thread.title,
        text=thread.text,
        category=intern(thread.category),
        district=intern(opened.district),
        address=thread.address,
        position=opened.position,
        name=opened.name,
        residence=opened.residence,
        contact=opened.contact,
        created_at_ms=created,
        received_at_ms=thread.received_at_ms or created,
        receipt_number=receipt_number,
        number=registration.number if registration else "",
        registered_at_ms=_ms(card.registered_at),
        status=thread.status,
        changed_at_ms=milliseconds(max(times, default=thread.time)),
        answered_at_ms=_ms(card.answered_at),
        classifier=registration.classifier if registration else "",
        marks=tuple(registration.marks) if registration else (),
        collective=registration.collective if registration else 0,
        privileged=registration.privileged if registration else False,
        assignee=card.assignee.value or "",
        extended=card.extended_at is not None,
        merged_into=card.merged.value or "",
        conflicts=card.conflicts,
        withdrawn=thread.withdrawn,
        place=opened.place,
        stars=thread.rating.stars if thread.rating else 0,
        said=len(thread.said),
    )


def _ms(time: int | None) -> int | None:
    return None if time is None else milliseconds(time)

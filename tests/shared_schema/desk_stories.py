"""Stories of two desks that are cut off from each other, and of a resident, to test with."""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

from hypothesis import strategies as st

from shared_schema.records import appeal
from shared_schema.records.appeal import Act
from shared_schema.records.desk import MARKS, Assigned, Merged, Noted, fold_card
from tests.shared_schema.strategies import shorts, texts

AUTHOR, NORTH, SOUTH = b"a" * 16, b"n" * 16, b"s" * 16
OPENED: Final = appeal.Opened("appeal", "complaint", "Немає води", "Третій день.", "water")
FIELDS: Final[dict[type, str]] = {
    appeal.Registered: "registration", appeal.StatusSet: "status", Assigned: "assignee",
    Merged: "merged",
}  # fmt: skip
"""The registers of the card, by the payload that fills them."""
RECORDS: Final = ("", "ab" * 16, "cd" * 16)


class Story(NamedTuple):
    """All acts of a record, and what the author of each had seen when writing it."""

    acts: list[Act]
    seen: dict[bytes, frozenset[bytes]]

    def of(self, *sorts: type) -> list[Act]:
        """The acts with such a payload."""
        return [act for act in self.acts if isinstance(act.payload, sorts)]

    def unseen(self, sort: type) -> set[bytes]:
        """The acts of a sort that no later author of that sort had seen: what must stand."""
        acts = self.of(sort)
        return {a.id for a in acts if not any(a.id in self.seen[b.id] for b in acts)}


def an_act(
    payload: object, time: int, device: bytes = NORTH, seq: int = 1, received: int | None = None
) -> Act:
    """An act with an id that depends on all of it."""
    identity = hashlib.sha256(f"{device!r} {seq} {time} {payload}".encode()).digest()
    said: appeal.Payload = payload  # type: ignore[assignment]
    return Act(time, device, seq, identity, device != AUTHOR, received, said)


def name_of(act: Act) -> str:
    """An act as `over` names it."""
    return act.id[:8].hex()


_OWN: Final = st.one_of(
    st.builds(appeal.Commented, text=texts),
    st.builds(appeal.Rated, stars=st.integers(1, 5)),
    st.builds(appeal.Amended, title=texts, text=texts),
)
_FREE: Final = st.one_of(
    st.builds(Noted, text=texts),
    st.builds(appeal.Replied, text=texts),
    st.builds(appeal.Extended, note=shorts),
)
_OVER: Final = ("registration", "status", "assignee", "merged")


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Two desks and the author write, and now and then two of them hear each other."""
    opening = an_act(OPENED, 1_000, AUTHOR)
    has = {who: {opening.id: opening} for who in (AUTHOR, NORTH, SOUTH)}
    skew = {who: draw(st.integers(-500, 500)) for who in has}
    seen: dict[bytes, frozenset[bytes]] = {opening.id: frozenset()}
    everything = {opening.id: opening}
    for step in range(draw(st.integers(1, 14))):
        who, other = draw(st.permutations((AUTHOR, NORTH, SOUTH)))[:2]
        if draw(st.integers(0, 3)) == 0:
            has[who] |= has[other]
            has[other] |= has[who]
            continue
        mine = has[who]
        time = max(1_000 + 10 * step + skew[who], 1 + max(act.time for act in mine.values()))
        act = an_act(_said(draw, who, list(mine.values())), time, who, step + 2)
        seen[act.id] = frozenset(mine)
        mine[act.id] = everything[act.id] = act
    return Story(list(everything.values()), seen)


def _said(draw: st.DrawFn, who: bytes, mine: list[Act]) -> object:
    if who == AUTHOR:
        return draw(_OWN)
    field = draw(st.sampled_from((*_OVER, "")))
    if not field:
        return draw(_FREE)
    over = getattr(fold_card(mine), field).over
    if field == "registration":
        marks = draw(st.lists(st.sampled_from(MARKS), max_size=2))
        return appeal.Registered(draw(st.sampled_from("123")), marks=marks, over=over)
    if field == "status":
        return appeal.StatusSet(draw(st.sampled_from(appeal.STATUSES)), over=over)
    if field == "assignee":
        return Assigned(draw(st.sampled_from(("", "Олена", "Петро"))), over)
    return Merged(draw(st.sampled_from(RECORDS)), over)

"""City news: published, corrected, withdrawn. Public, signed by the newsroom, with an expiry.

A correction replaces the wording and says that it does; a withdrawal leaves a marked item, never
a mere absence. Staleness is for the reader to show, from `expires_at_ms` and the age of the feed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

from shared_schema.records.appeal import Short, Text, Title

Priority = Literal["normal", "important", "urgent"]
PRIORITIES: Final = ("normal", "important", "urgent")


class Published(msgspec.Struct, array_like=True, frozen=True):
    """`news.published`. `expires_at_ms` of 0 never expires; an empty district is the whole city."""

    title: Title
    text: Text
    topic: Short = ""
    district: Short = ""
    priority: Priority = "normal"
    expires_at_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class Corrected(Published, array_like=True, frozen=True):
    """`news.corrected`: the whole item again, in its new wording."""


class NewsWithdrawn(msgspec.Struct, array_like=True, frozen=True):
    """`news.withdrawn`: no longer to be relied on; `note` says why."""

    note: Short = ""


Payload = Published | NewsWithdrawn


class NewsAct(NamedTuple):
    """One change of a news item; the order is that of `appeal.Act`."""

    time: int
    device: bytes
    seq: int
    id: bytes
    payload: Payload

    @property
    def order(self) -> tuple[int, bytes, int, bytes]:
        """The total order of acts, the same on every replica."""
        return (self.time, self.device, self.seq, self.id)


class NewsItem(NamedTuple):
    """The state of one news item. Times are hybrid times."""

    record: bytes
    wording: Published
    published_at: int
    changed_at: int
    corrections: int
    withdrawn: bool
    note: str


def fold_news(record: bytes, acts: Iterable[NewsAct]) -> NewsItem | None:
    """The item that these acts make, in any order; None while the first publication is missing."""
    ordered = sorted({act.id: act for act in acts}.values(), key=lambda act: act.order)
    first = next((act for act in ordered if type(act.payload) is Published), None)
    if first is None:
        return None
    corrections = [act for act in ordered if isinstance(act.payload, Corrected)]
    withdrawals = [act.payload for act in ordered if isinstance(act.payload, NewsWithdrawn)]
    wording = corrections[-1].payload if corrections else first.payload
    assert isinstance(wording, Published)
    return NewsItem(
        record,
        wording,
        first.time,
        ordered[-1].time,
        len(corrections),
        bool(withdrawals),
        withdrawals[-1].note if withdrawals else "",
    )

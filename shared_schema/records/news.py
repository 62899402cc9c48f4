"""City news: published, corrected, withdrawn. Public, signed by the newsroom, with an expiry.

A correction replaces the wording and says that it does; a withdrawal leaves a marked item, never
a mere absence. Staleness is for the reader to show, from `expires_at_ms` and the age of the feed.

An alert needs two people: an urgent wording is in force once *another* newsroom device than the one
that wrote it has confirmed exactly this wording. One stolen phone cannot send people into the
street. Until then what was in force before stays so; where there was nothing, it is important news
that is not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, Final, Literal, NamedTuple

import msgspec

from shared_schema.ids import CHANGE_ID_BYTES
from shared_schema.records.acts import PublicAct, in_order
from shared_schema.records.appeal import Short, Text, Title

Priority = Literal["normal", "important", "urgent"]
PRIORITIES: Final = ("normal", "important", "urgent")
ChangeId = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{2 * CHANGE_ID_BYTES}}}\Z")]
"""The whole of it: of a shortened one somebody could prepare a harmless twin to be confirmed."""


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


class NewsConfirmed(msgspec.Struct, array_like=True, frozen=True):
    """`news.confirmed`: a second person signs an urgent wording, named by its change's id."""

    wording: ChangeId


Payload = Published | NewsWithdrawn | NewsConfirmed
NewsAct = PublicAct[Payload]


class NewsItem(NamedTuple):
    """The state of one news item. Times are hybrid times."""

    record: bytes
    wording: Published
    """What is in force."""
    confirmed: bool
    """False for an urgent wording that nobody else has signed: no client may show an alert."""
    awaiting: NewsAct | None
    """The newest wording, when it is urgent and waits for the second signature."""
    published_at: int
    changed_at: int
    corrections: int
    """How many have led to the wording in force."""
    withdrawn: bool
    note: str


def fold_news(record: bytes, acts: Iterable[NewsAct]) -> NewsItem | None:
    """The item that these acts make, in any order; None while the first publication is missing."""
    ordered = in_order(acts)
    first = next((act for act in ordered if type(act.payload) is Published), None)
    if first is None:
        return None
    wordings = [first, *(act for act in ordered if isinstance(act.payload, Corrected))]
    withdrawals = [act.payload for act in ordered if isinstance(act.payload, NewsWithdrawn)]
    signed = _signed(ordered)
    standing = [act for act in wordings if _stands(act, signed)]
    force, newest = (standing or wordings)[-1], wordings[-1]
    return NewsItem(
        record,
        _wording(force),
        bool(standing),
        None if newest in standing else newest,
        first.time,
        max(act.time for act in ordered if not isinstance(act.payload, NewsConfirmed)),
        wordings.index(force),
        bool(withdrawals),
        withdrawals[-1].note if withdrawals else "",
    )


def _signed(acts: Iterable[NewsAct]) -> dict[str, set[bytes]]:
    """Who has confirmed which wording."""
    signed: dict[str, set[bytes]] = {}
    for act in acts:
        if isinstance(act.payload, NewsConfirmed):
            signed.setdefault(act.payload.wording, set()).add(act.device)
    return signed


def _stands(act: NewsAct, signed: dict[str, set[bytes]]) -> bool:
    """Whether a wording may be in force: not urgent, or signed by somebody else too."""
    if _wording(act).priority != "urgent":
        return True
    return bool(signed.get(act.id.hex(), set()) - {act.device})


def _wording(act: NewsAct) -> Published:
    wording: Any = act.payload
    assert isinstance(wording, Published)
    return wording

"""Hypothesis strategies for records, and keys that the tests share."""

from __future__ import annotations

from hypothesis import strategies as st

from shared_schema.crypto.signing import Signer
from shared_schema.records import appeal, desk, news, outage, place
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of

SIGNER = Signer(b"\1" * 32)
OTHER = Signer(b"\2" * 32)
SCOPE = b"s" * 16

texts = st.text(min_size=1, max_size=60).filter(lambda text: text.isprintable())
shorts = st.text(max_size=20)
devices = st.sampled_from([b"a" * 16, b"b" * 16])
desks = st.sampled_from([b"x" * 16, b"y" * 16])
times = st.integers(min_value=0, max_value=2**40)

opened = st.builds(
    appeal.Opened,
    lane=st.sampled_from(appeal.LANES),
    kind=st.sampled_from(("", *appeal.APPEAL_KINDS)),
    title=texts,
    text=texts,
    category=shorts,
    address=shorts,
)
author_payloads = st.one_of(
    st.builds(appeal.Amended, title=texts, text=texts),
    st.builds(appeal.Withdrawn, note=shorts),
    st.builds(appeal.Commented, text=texts),
    st.builds(appeal.Rated, stars=st.integers(1, 5), note=shorts),
)
overs = st.none() | st.lists(st.text("0123456789abcdef", min_size=16, max_size=16), max_size=3)
registrations = st.builds(
    appeal.Registered,
    number=st.sampled_from(["1", "2", "3"]),
    note=shorts,
    classifier=shorts,
    marks=st.lists(st.sampled_from(desk.MARKS), max_size=len(desk.MARKS)),
    collective=st.integers(0, 1_000_000),
    privileged=st.booleans(),
    over=overs,
)
statuses = st.builds(
    appeal.StatusSet, status=st.sampled_from(appeal.STATUSES), note=shorts, over=overs
)
desk_payloads = st.one_of(
    registrations,
    statuses,
    st.builds(appeal.Extended, note=shorts),
    st.builds(appeal.Replied, text=texts),
)
moments = st.integers(0, 2**53)
_place_fields = {
    "name": texts, "sort": st.sampled_from(place.SORTS), "address": shorts, "district": shorts,
    "lat_e5": st.none() | st.integers(-9_000_000, 9_000_000),
    "lon_e5": st.none() | st.integers(-18_000_000, 18_000_000), "hours": shorts, "note": shorts,
    "offers": st.lists(st.sampled_from(place.SORTS), max_size=3), "by": shorts,
    "expires_at_ms": moments,
}  # fmt: skip
places = st.builds(place.Listed, **_place_fields)
place_payloads = st.one_of(
    st.builds(place.Updated, **_place_fields),
    st.builds(
        place.Confirmed,
        condition=st.sampled_from(place.CONDITIONS),
        by=shorts,
        note=shorts,
        expires_at_ms=moments,
    ),
    st.builds(place.Removed, note=shorts),
)
weeks = st.lists(st.text("+-?", min_size=48, max_size=48), min_size=7, max_size=7)
_schedule_fields = {
    "utility": st.sampled_from(outage.UTILITIES), "queue": shorts, "week": weeks,
    "expires_at_ms": moments,
}  # fmt: skip
schedules = st.builds(outage.Scheduled, **_schedule_fields)
announcements = st.builds(
    outage.Announced,
    utility=st.sampled_from(outage.UTILITIES),
    from_ms=moments,
    until_ms=moments,
    title=texts,
    off=st.booleans(),
)
outage_payloads = st.one_of(
    st.builds(outage.Rescheduled, **_schedule_fields), st.builds(outage.Cancelled, note=shorts)
)


@st.composite
def thread_acts(draw: st.DrawFn) -> list[appeal.Act]:
    """The acts of one thread: an opening by `a`, acts by authors and by two desks."""
    count = draw(st.integers(1, 12))
    acts = [appeal.Act(draw(times), b"a" * 16, 1, b"\0" * 32, False, None, draw(opened))]
    for number in range(1, count):
        by_desk = draw(st.booleans())
        device = draw(desks if by_desk else devices)
        payload = draw(desk_payloads if by_desk else author_payloads)
        identity = number.to_bytes(32)
        acts.append(appeal.Act(draw(times), device, number + 1, identity, by_desk, None, payload))
    return acts


@st.composite
def news_acts(draw: st.DrawFn) -> list[news.NewsAct]:
    """The acts of one news item."""
    first = news.Published(draw(texts), draw(texts))
    acts = [news.NewsAct(draw(times), b"n" * 16, 1, b"\0" * 32, first)]
    for number in range(1, draw(st.integers(1, 8))):
        payload: news.Payload = (
            news.Corrected(draw(texts), draw(texts))
            if draw(st.booleans())
            else news.NewsWithdrawn(draw(shorts))
        )
        identity = number.to_bytes(32)
        acts.append(news.NewsAct(draw(times), draw(devices), number + 1, identity, payload))
    return acts


@st.composite
def place_acts(draw: st.DrawFn) -> list[place.PlaceAct]:
    """The acts of one place: its listing, at any time, and what was said of it."""
    acts = [place.PlaceAct(draw(times), b"n" * 16, 1, b"\0" * 32, draw(places))]
    for number in range(1, draw(st.integers(1, 8))):
        payload: place.Payload = draw(place_payloads)
        identity = number.to_bytes(32)
        acts.append(place.PlaceAct(draw(times), draw(devices), number + 1, identity, payload))
    return acts


@st.composite
def outage_acts(draw: st.DrawFn) -> list[outage.OutageAct]:
    """The acts of one schedule or announcement."""
    first = draw(st.one_of(schedules, announcements))
    acts = [outage.OutageAct(draw(times), b"n" * 16, 1, b"\0" * 32, first)]
    for number in range(1, draw(st.integers(1, 8))):
        payload: outage.Payload = draw(outage_payloads)
        identity = number.to_bytes(32)
        acts.append(outage.OutageAct(draw(times), draw(devices), number + 1, identity, payload))
    return acts


def stream(count: int, signer: Signer = SIGNER, body: bytes = b"body") -> list[Change]:
    """`count` open changes of one stream, chained."""
    changes: list[Change] = []
    prev = NO_PREV
    for seq in range(1, count + 1):
        draft = Draft(0x0301, 1, None, False)
        header = header_of(signer.device, Place(SCOPE, seq, prev, seq << 16), draft)
        changes.append(finish(signer, header, body + bytes((seq % 256,))))
        prev = changes[-1].id
    return changes

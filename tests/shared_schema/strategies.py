"""Hypothesis strategies for records, and keys that the tests share."""

from __future__ import annotations

from hypothesis import strategies as st

from shared_schema.crypto.signing import Signer
from shared_schema.records import appeal, news
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
)
desk_payloads = st.one_of(
    st.builds(appeal.Registered, number=st.sampled_from(["1", "2", "3"])),
    st.builds(appeal.StatusSet, status=st.sampled_from(appeal.STATUSES), note=shorts),
    st.builds(appeal.Replied, text=texts),
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

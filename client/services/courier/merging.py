"""Two replies to one request: what is the newer of them, with all that came with either.

The city signs what a reply says, but not the changes beside it, which any carrier may have taken
out or put in. So a courier that kept one of two replies could be made to keep the emptier one: the
newest statement, stripped by somebody who wants the desk's words not to arrive. It keeps the newest
statement and the changes of both. Of the older one's only those that an honest city could have
sent: what a crook stuffs in is gone with the next reply.
"""

from __future__ import annotations

from collections.abc import Sequence

from client.services.trust import LocalFacts
from client.storage.carried import Reply
from shared_schema.ids import MAIL
from shared_schema.limits import CARRIED_MERGED_BYTES_MAX
from shared_schema.sync.bundle import Section, decode_reply, encode_reply, encode_section
from shared_schema.sync.carried import CarriedReply
from shared_schema.sync.policy import judge
from shared_schema.sync.receive import Arrival
from shared_schema.sync.run import Entry, gather
from shared_schema.sync.statement import Status


def as_reply(raw: bytes, checked: CarriedReply) -> Reply:
    """A checked reply as it is stored."""
    answer = checked.answer
    return Reply(raw, answer.time_ms, len(_ids(answer.arrivals)), checked.done, checked.said)


def merged(one: Reply, first: CarriedReply, two: Reply, second: CarriedReply,
           facts: LocalFacts) -> Reply:  # fmt: skip
    """The newer of two replies to one request, with what of the older one's changes it lacks."""
    if (two.time_ms, two.changes) > (one.time_ms, one.changes):
        newer, late, early = two, second, first
    else:
        newer, late, early = one, first, second
    known = _ids(late.answer.arrivals)
    extra = [
        each
        for each in early.answer.arrivals
        if each.change.id not in known and _could_be_sent(each, facts)
    ]
    if not extra:
        return newer
    raw = _with(newer.raw, extra)
    if len(raw) > CARRIED_MERGED_BYTES_MAX:
        return newer
    mail = _ids([each for each in extra if each.feed == MAIL])
    return newer._replace(raw=raw, changes=len(known | _ids(extra)), said=newer.said + len(mail))


def _ids(arrivals: Sequence[Arrival]) -> set[bytes]:
    return {each.change.id for each in arrivals}


def _could_be_sent(arrival: Arrival, facts: LocalFacts) -> bool:
    """Whether it is trust, or mail that an officer wrote; whose mail, a courier cannot know."""
    change = arrival.change
    scope = facts.scope_name(change.scope)
    if scope is None or (change.device, scope) in facts.grants.cuts:
        return False
    if arrival.feed == MAIL:
        return facts.officer(change.device, scope)
    return judge(change, facts).status is not Status.REFUSED


def _with(raw: bytes, extra: Sequence[Arrival]) -> bytes:
    reply = decode_reply(raw)
    devices = {key: place for place, key in enumerate(reply.keys)}
    sections = [encode_section(each) for each in reply.sections]
    for feed in sorted({each.feed for each in extra}):
        entries = sorted(
            (_entry(each) for each in extra if each.feed == feed),
            key=lambda each: (each.device, each.seq),
        )
        sections.append(encode_section(Section(feed, gather(entries, devices))))
    return encode_reply(list(devices), sections, reply.statement, reply.signature)


def _entry(arrival: Arrival) -> Entry:
    change = arrival.change
    place = (change.device, change.scope, change.seq, change.id, change.raw)
    return Entry(arrival.version, 0, arrival.public_key, *place)

"""A hostile courier: it takes like any other, and hands on what suits it.

It holds all that honest couriers gave it, and the city's true replies. It withholds, reorders,
repeats, signs anew, forges, strips and stuffs replies, mixes in another city's items, brings last
month's bundle and floods with junk. It can break no signature, so all it may ever achieve is that
nothing comes by way of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from misto.simulation.couriers.walker import Walker
from shared_schema.crypto.signing import Signer
from shared_schema.ids import MAIL, device_id, queue_scope, scope_id
from shared_schema.sync.bundle import (
    Section,
    Want,
    decode_reply,
    decode_request,
    encode_reply,
    encode_section,
)
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, decode, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.courier import (
    REPLY_ITEM,
    REQUEST_ITEM,
    Item,
    decode_courier,
    encode_courier,
    reply_item,
    request_item,
    split_reply,
)
from shared_schema.sync.run import Entry, gather, rebuild

_JUNK: Final = 2
"""Made-up requests in a flood: every one of them is carried from then on like any other."""
_STUFFING: Final = 5
_JUNK_BYTES: Final = 300
_JUNK_MAX: Final = 24
_OLD_MAX: Final = 16
_OPENED: Final = 0x0100
_KEY: Final = slice(1, 33)
Items = list[Item]


class Crook:
    """The evil mind of one device."""

    def __init__(self, walker: Walker, strangers: Items, dice: Random) -> None:
        """`strangers` are items of another city."""
        self.walker = walker
        self.said: set[bytes] = set()
        """Changes that it made up."""
        self._thief = Signer.generate()[0]
        self._city = walker.replica.card.city
        self._queue = scope_id(self._city, queue_scope(walker.replica.card.main_queue))
        self.strangers = strangers
        self._dice = dice
        self._old: list[Items] = []

    def bundle(self) -> tuple[str, bytes]:
        """What it does this time, and the bundle that it hands on."""
        items = [item for raw in self.walker.give() for item in decode_courier(raw).items]
        trick = self._dice.choice(_TRICKS)
        touched = trick(self, items)
        if self._dice.random() < 0.2:
            self._old = [*self._old, items][-_OLD_MAX:]
        return trick.__name__.strip("_"), encode_courier(self._city, touched)

    def _withhold(self, items: Items) -> Items:
        return [item for item in items if self._dice.random() < 0.5]

    def _shuffle(self, items: Items) -> Items:
        twice = [*items, *items]
        self._dice.shuffle(twice)
        return twice

    def _sign_anew(self, items: Items) -> Items:
        """Others' changes in requests of its own, and requests in a name that is not theirs."""
        key = self._thief.public_key
        touched: Items = []
        for item in items:
            if item.type != REQUEST_ITEM:
                touched.append(item)
                continue
            renamed = item.body[: _KEY.start] + key + item.body[_KEY.stop :]
            touched += [request_item(renamed), request_item(self._stolen(item.body))]
        return touched

    def _stolen(self, raw: bytes) -> bytes:
        request = decode_request(raw)
        entries: list[Entry] = []
        for section in request.sections:
            for run in section.runs:
                key = request.keys[run.device]
                changes = [decode(each) for each in rebuild(run, device_id(key))]
                entries += [
                    Entry(0, 0, key, each.device, each.scope, each.seq, each.id, each.raw)
                    for each in changes
                ]
        return compose_request(self._thief, [Want(MAIL, explain=True)], entries).raw

    def _forge(self, items: Items) -> Items:
        """Replies whose signature is wrong, and true replies to other requests."""
        replies = [item for item in items if item.type == REPLY_ITEM]
        bodies = [split_reply(item.body)[1] for item in replies]
        swapped = [
            reply_item(split_reply(item.body)[0], raw)
            for item, raw in zip(replies, reversed(bodies), strict=True)
        ]
        broken = [Item(REPLY_ITEM, _touched(item.body)) for item in replies]
        return [*broken, *(item for item in items if item.type != REPLY_ITEM), *swapped]

    def _strip(self, items: Items) -> Items:
        """Replies without what the desk has said."""
        return [_with(item, lambda raw: _rewritten(raw, {}, [])) for item in items]

    def _stuff(self, items: Items) -> Items:
        """Replies with strangers' words in place of what the desk has said."""
        devices: dict[bytes, int] = {}
        lies = [encode_section(Section(MAIL, gather(self._made_up_mail(), devices)))]
        return [_with(item, lambda raw: _rewritten(raw, devices, lies)) for item in items]

    def _flood(self, items: Items) -> Items:
        if len(self.said) >= _JUNK_MAX:
            return items
        return [*(request_item(self._junk()) for _ in range(_JUNK)), *items]

    def _bring_old(self, items: Items) -> Items:
        return self._dice.choice(self._old) if self._old else items

    def _mix_cities(self, items: Items) -> Items:
        return [*self.strangers, *items, *self.strangers]

    def _junk(self) -> bytes:
        """A well-formed change of a made-up device, about nothing."""
        signer = Signer.generate()[0]
        entry = self._made_up(signer)
        self.said.add(entry.id)
        return compose_request(signer, [Want(MAIL, explain=True)], [entry]).raw

    def _made_up(self, signer: Signer) -> Entry:
        draft = Draft(_OPENED, 1, None, True, self._dice.randrange(4))
        header = header_of(signer.device, Place(self._queue, 1, NO_PREV, 1), draft)
        change: Change = finish(signer, header, self._dice.randbytes(_JUNK_BYTES))
        place = (change.device, change.scope, change.seq, change.id, change.raw)
        return Entry(0, 0, signer.public_key, *place)

    def _made_up_mail(self) -> list[Entry]:
        """More of it than the desk ever says, as if it stood at the first places of a mailbox."""
        made = (self._made_up(Signer.generate()[0]) for _ in range(_STUFFING))
        return [entry._replace(version=place) for place, entry in enumerate(made, 1)]


Trick = Callable[[Crook, Items], Items]
_TRICKS: Final[tuple[Trick, ...]] = (
    Crook._withhold, Crook._shuffle, Crook._sign_anew, Crook._forge, Crook._strip, Crook._stuff,
    Crook._flood, Crook._bring_old, Crook._mix_cities,
)  # fmt: skip


def _touched(body: bytes) -> bytes:
    return body[:-1] + bytes((body[-1] ^ 1,))


def _with(item: Item, change: Callable[[bytes], bytes]) -> Item:
    if item.type != REPLY_ITEM:
        return item
    request, raw = split_reply(item.body)
    return reply_item(request, change(raw))


def _rewritten(raw: bytes, devices: dict[bytes, int], sections: list[bytes]) -> bytes:
    reply = decode_reply(raw)
    return encode_reply(list(devices), sections, reply.statement, reply.signature)

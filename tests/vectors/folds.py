"""Vectors of the folds: acts in several orders, and the one state that they make."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from shared_schema.crypto.packing import unpack
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX
from shared_schema.records import appeal, desk, news, outage, place, trust
from shared_schema.records.kinds import BY_NAME, BY_PAYLOAD, encode_payload
from shared_schema.sync.hlc import clamp
from tests.vectors import alerts, cast, guide, office, roll, turned
from tests.vectors.told import Told, hashed

RECORD: Final = bytes(range(16))
ORDERS: Final = 4
_MS: Final = cast.NOW_MS


def folds() -> list[object]:
    """Acts in several orders, and the one state that they make."""
    return [
        _fold("thread", "an appeal from filing to answer", _answered()),
        _fold("thread", "an amendment after registration changes nothing", _amended_late()),
        _fold("thread", "two journal numbers: the later counts, the other is a rival", _rivals()),
        _fold("thread", "a clock ten years ahead is clamped to the receipt", _clock_ahead()),
        _fold("thread", "a stranger's words do not count; a withdrawal does", _stranger()),
        _fold("thread", "no opening, no state", _answered()[1:]),
        _fold("thread", "rated twice: the author's last rating counts", _rated()),
        _fold("news", "corrected twice, then withdrawn", _corrected()),
        _fold("news", "no publication, no state", _corrected()[1:]),
        *(_fold("news", what, told, hashed) for what, told in alerts.alerts().items()),
        _fold("trust", "granted, revoked twice, granted again in vain", _revoked()),
        *(
            {**_fold("keys", what, told), "card": turned.card()}
            for what, told in turned.turns().items()
        ),
        *(_fold("roll", what, told) for what, told in roll.rolls().items()),
        *(_fold("place", what, told) for what, told in guide.places().items()),
        *(_fold("outage", what, told) for what, told in guide.outages().items()),
        *(_fold("thread", what, told, hashed) for what, told in office.threads().items()),
        *(_fold("card", what, told, hashed) for what, told in office.cards().items()),
    ]


def _answered() -> list[Told]:
    return [
        Told("author", 1, _MS, _MS + 50, cast.OPENED),
        Told("author", 2, _MS + 1, _MS + 50, appeal.Amended("Немає води й світла", "І світла.")),
        Told("desk", 1, _MS + 100, _MS + 150, appeal.Registered("ЗВ-000001", "прийнято")),
        Told("author", 3, _MS + 160, _MS + 170, appeal.Commented("Дякую.")),
        Told("desk", 2, _MS + 200, _MS + 250, appeal.Replied("Воду дадуть о 18:00.")),
        Told("desk", 3, _MS + 201, _MS + 250, appeal.StatusSet("answered")),
    ]


def _amended_late() -> list[Told]:
    late = Told("author", 2, _MS + 300, None, appeal.Amended("Інше", "Зовсім інше."))
    return [_answered()[0], _answered()[2], late]


def _rivals() -> list[Told]:
    return [
        _answered()[0],
        Told("desk", 1, _MS + 100, None, appeal.Registered("ЗВ-000001")),
        Told("desk", 2, _MS + 120, None, appeal.Registered("ЗВ-000002")),
        Told("desk", 3, _MS + 110, None, appeal.StatusSet("in_progress", "передано")),
    ]


def _clock_ahead() -> list[Told]:
    ahead = _MS + 10 * 365 * 86_400_000
    return [
        Told("author", 1, ahead, _MS + 50, cast.OPENED),
        Told("author", 2, ahead + 1, _MS + 60, appeal.Amended("Немає води", "Уточнення.")),
        Told("desk", 1, _MS + 100, _MS + 150, appeal.Registered("ЗВ-000001")),
        Told("author", 3, ahead + 2, _MS + 200, appeal.Commented("Уже після реєстрації.")),
    ]


def _stranger() -> list[Told]:
    return [
        _answered()[0],
        Told("stranger", 1, _MS + 10, None, appeal.Amended("Усе добре", "Вода є.")),
        Told("stranger", 2, _MS + 11, None, appeal.Withdrawn()),
        Told("stranger", 3, _MS + 12, None, appeal.Commented("Неправда.")),
        Told("author", 2, _MS + 20, None, appeal.Withdrawn("Воду дали.")),
    ]


def _rated() -> list[Told]:
    opened = msgspec.structs.replace(
        cast.OPENED, residence="вул. Лісова, 7", position=appeal.Position(4_945_000, 3_205_000, 50)
    )
    return [
        Told("author", 1, _MS, _MS + 50, opened),
        Told("desk", 1, _MS + 100, _MS + 150, appeal.Replied("Воду дали.")),
        Told("author", 2, _MS + 160, _MS + 170, appeal.Rated(2, "довго")),
        Told("stranger", 1, _MS + 165, None, appeal.Rated(1, "жах")),
        Told("author", 3, _MS + 200, _MS + 210, appeal.Rated(5)),
    ]


def _corrected() -> list[Told]:
    return [
        Told("newsroom", 1, _MS, _MS, news.Published("Підвіз води", "О 18:00.", "water")),
        Told("newsroom", 2, _MS + 5, _MS + 5, news.Corrected("Підвіз води", "О 19:00.")),
        Told("newsroom", 3, _MS + 9, _MS + 9, news.Corrected("Підвіз води", "О 20:00.", "water")),
        Told("newsroom", 4, _MS + 12, _MS + 12, news.NewsWithdrawn("скасовано")),
    ]


def _revoked() -> list[Told]:
    device, general = cast.DESK.device.hex(), cast.GENERAL
    grant = trust.Granted(cast.DESK.public_key.hex(), "desk", general, "Стіл звернень")
    cut, earlier = (trust.Revoked(device, "desk", general, seq) for seq in (9, 4))
    return [
        Told("enrolment", 1, _MS, _MS, grant),
        Told("enrolment", 2, _MS + 1, _MS + 1, cut),
        Told("enrolment", 3, _MS + 2, _MS + 2, earlier),
        Told("enrolment", 4, _MS + 3, _MS + 3, grant),
    ]


def _counted(who: str, seq: int) -> bytes:
    return seq.to_bytes(16) + cast.PEOPLE[who].device


def _fold(
    sort: str,
    what: str,
    told: Sequence[Told],
    identity: Callable[[str, int], bytes] = _counted,
) -> dict[str, object]:
    acts = [_act(each, identity(each.who, each.seq)) for each in told]
    shuffler = random.Random(7)
    orders = [shuffler.sample(range(len(acts)), len(acts)) for _ in range(ORDERS)]
    return {
        "what": what,
        "fold": sort,
        "record": RECORD.hex(),
        "acts": acts,
        "orders": [list(range(len(acts))), *orders],
        "state": state_of(sort, acts),
    }


def _act(told: Told, identity: bytes) -> dict[str, Any]:
    return {
        "kind": BY_PAYLOAD[type(told.payload)].name,
        "device": cast.PEOPLE[told.who].device.hex(),
        "seq": told.seq,
        "time": told.ms << 16,
        "received": told.received,
        "id": identity.hex(),
        "payload": _array(told.payload),
    }


def _array(payload: msgspec.Struct) -> object:
    """The JSON array that travels, without the later fields that say nothing."""
    packed = encode_payload(payload, sealed=False)
    return msgspec.json.decode(unpack(packed, BODY_UNPACKED_BYTES_MAX))


def state_of(sort: str, acts: Sequence[Mapping[str, Any]]) -> object:
    """What the code under test makes of acts, in the form of the vectors."""
    folds_by_sort = {
        "thread": _thread, "news": _news, "trust": _trust, "place": _place, "outage": _outage,
        "card": _card, "keys": lambda acts: turned.state_of([_common(act) for act in acts]),
        "roll": lambda acts: roll.state_of(
            [{**_common(act), "received": act["received"] or 0} for act in acts]
        ),
    }  # fmt: skip
    return folds_by_sort[sort](acts)


def _common(act: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "time": clamp(act["time"], act["received"]),
        "device": bytes.fromhex(act["device"]),
        "seq": act["seq"],
        "id": bytes.fromhex(act["id"]),
        "payload": msgspec.convert(act["payload"], BY_NAME[act["kind"]].payload),
    }


def _of_an_appeal(acts: Sequence[Mapping[str, Any]]) -> list[appeal.Act]:
    return [
        appeal.Act(
            **_common(act),
            by_desk=act["kind"].startswith("desk."),
            received_at_ms=act["received"],
        )
        for act in acts
    ]


def _card(acts: Sequence[Mapping[str, Any]]) -> object:
    found = desk.fold_card(_of_an_appeal(acts))
    return {
        "registration": _register(found.registration),
        "status": _register(found.status),
        "assignee": _register(found.assignee),
        "merged": _register(found.merged),
        "forwarded": _register(found.forwarded),
        "notes": [[note.text, note.time, note.device.hex()] for note in found.notes],
        "registered_at": found.registered_at,
        "extended_at": found.extended_at,
        "forwarded_at": found.forwarded_at,
        "answered_at": found.answered_at,
    }


def _register(register: desk.Register[Any]) -> object:
    return {
        "heads": [
            [_said(head.value), head.time, head.device.hex(), head.id.hex()]
            for head in register.heads
        ],
        "conflict": register.conflict,
    }


def _said(value: object) -> object:
    """A head's value: of an act that is one as a whole all but its last field, `over`."""
    return list(msgspec.structs.astuple(value))[:-1] if isinstance(value, msgspec.Struct) else value


def _thread(acts: Sequence[Mapping[str, Any]]) -> object:
    found = appeal.fold_thread(RECORD, _of_an_appeal(acts))
    if found is None:
        return None
    return {
        "opener": found.opener.hex(), "time": found.time, "title": found.title,
        "text": found.text, "category": found.category, "address": found.address,
        "withdrawn": found.withdrawn, "number": found.number, "rivals": list(found.rivals),
        "status": found.status,
        "history": [[step.status, step.note, step.time] for step in found.history],
        "said": [[said.by_desk, said.text, said.time] for said in found.said],
        "rating": [found.rating.stars, found.rating.note] if found.rating else None,
    }  # fmt: skip


def _news(acts: Sequence[Mapping[str, Any]]) -> object:
    found = news.fold_news(RECORD, [news.NewsAct(**_common(act)) for act in acts])
    if found is None:
        return None
    return {
        "wording": list(msgspec.structs.astuple(found.wording)),
        "confirmed": found.confirmed,
        "awaiting": list(msgspec.structs.astuple(found.awaiting.payload))
        if found.awaiting
        else None,
        "published_at": found.published_at,
        "changed_at": found.changed_at,
        "corrections": found.corrections,
        "withdrawn": found.withdrawn,
        "note": found.note,
    }


def _place(acts: Sequence[Mapping[str, Any]]) -> object:
    found = place.fold_place(RECORD, [place.PlaceAct(**_common(act)) for act in acts])
    if found is None:
        return None
    return {
        "wording": list(msgspec.structs.astuple(found.wording)),
        "condition": found.condition,
        "note": found.note,
        "confirmed_at": found.confirmed_at,
        "confirmed_by": found.confirmed_by,
        "expires_at_ms": found.expires_at_ms,
        "removed": found.removed,
    }


def _outage(acts: Sequence[Mapping[str, Any]]) -> object:
    found = outage.fold_outage(RECORD, [outage.OutageAct(**_common(act)) for act in acts])
    if found is None:
        return None
    return {
        "wording": list(msgspec.structs.astuple(found.wording)),
        "changed_at": found.changed_at,
        "cancelled": found.cancelled,
        "note": found.note,
    }


def _trust(acts: Sequence[Mapping[str, Any]]) -> object:
    grants = trust.fold_trust([trust.TrustAct(**_common(act)) for act in acts])
    return [
        {
            "device": device.hex(),
            "scope": scope,
            "granted": granted,
            "cut": grants.cuts.get((device, scope)),
            "at_seq": {str(seq): grants.role(device, scope, seq) for seq in (1, 4, 5, 9)},
            "from_now_on": grants.role(device, scope),
        }
        for (device, scope), granted in grants.roles.items()
    ]

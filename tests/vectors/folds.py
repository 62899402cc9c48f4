"""Vectors of the folds: acts in several orders, and the one state that they make."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from shared_schema.records import appeal, news, trust
from shared_schema.records.kinds import BY_PAYLOAD
from shared_schema.sync.hlc import clamp
from tests.vectors import cast

RECORD: Final = bytes(range(16))
ORDERS: Final = 4
_MS: Final = cast.NOW_MS


class Told(msgspec.Struct, frozen=True):
    """An act as the vectors tell it: unclamped time, and the server's `received` or None."""

    who: str
    seq: int
    ms: int
    received: int | None
    payload: Any


def folds() -> list[object]:
    """Acts in several orders, and the one state that they make."""
    return [
        _fold("thread", "an appeal from filing to answer", _answered()),
        _fold("thread", "an amendment after registration changes nothing", _amended_late()),
        _fold("thread", "two journal numbers: the later counts, the other is a rival", _rivals()),
        _fold("thread", "a clock ten years ahead is clamped to the receipt", _clock_ahead()),
        _fold("thread", "a stranger's words do not count; a withdrawal does", _stranger()),
        _fold("thread", "no opening, no state", _answered()[1:]),
        _fold("news", "corrected twice, then withdrawn", _corrected()),
        _fold("news", "no publication, no state", _corrected()[1:]),
        _fold("trust", "granted, revoked twice, granted again in vain", _revoked()),
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


def _fold(sort: str, what: str, told: Sequence[Told]) -> dict[str, object]:
    acts = [_act(each) for each in told]
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


def _act(told: Told) -> dict[str, Any]:
    identity = told.seq.to_bytes(16) + cast.PEOPLE[told.who].device
    return {
        "kind": BY_PAYLOAD[type(told.payload)].name,
        "device": cast.PEOPLE[told.who].device.hex(),
        "seq": told.seq,
        "time": told.ms << 16,
        "received": told.received,
        "id": identity.hex(),
        "payload": list(msgspec.structs.astuple(told.payload)),
    }


def state_of(sort: str, acts: Sequence[Mapping[str, Any]]) -> object:
    """What the code under test makes of acts, in the form of the vectors."""
    return {"thread": _thread, "news": _news, "trust": _trust}[sort](acts)


def _common(act: Mapping[str, Any]) -> dict[str, Any]:
    kind = next(kind for kind in BY_PAYLOAD.values() if kind.name == act["kind"])
    return {
        "time": clamp(act["time"], act["received"]),
        "device": bytes.fromhex(act["device"]),
        "seq": act["seq"],
        "id": bytes.fromhex(act["id"]),
        "payload": msgspec.convert(act["payload"], kind.payload),
    }


def _thread(acts: Sequence[Mapping[str, Any]]) -> object:
    found = appeal.fold_thread(
        RECORD,
        [
            appeal.Act(
                **_common(act),
                by_desk=act["kind"].startswith("desk."),
                received_at_ms=act["received"],
            )
            for act in acts
        ],
    )
    if found is None:
        return None
    return {
        "opener": found.opener.hex(), "time": found.time, "title": found.title,
        "text": found.text, "category": found.category, "address": found.address,
        "withdrawn": found.withdrawn, "number": found.number, "rivals": list(found.rivals),
        "status": found.status,
        "history": [[step.status, step.note, step.time] for step in found.history],
        "said": [[said.by_desk, said.text, said.time] for said in found.said],
    }  # fmt: skip


def _news(acts: Sequence[Mapping[str, Any]]) -> object:
    found = news.fold_news(RECORD, [news.NewsAct(**_common(act)) for act in acts])
    if found is None:
        return None
    return {
        "wording": list(msgspec.structs.astuple(found.wording)),
        "published_at": found.published_at,
        "changed_at": found.changed_at,
        "corrections": found.corrections,
        "withdrawn": found.withdrawn,
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

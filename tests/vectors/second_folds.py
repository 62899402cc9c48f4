"""The second reader's folds, written from sections 2, 8, 10 and 11 of the page alone.

Like `second_reader.py` it has no line from the project, and shows that the page is enough to make
the same state of the same acts. An act is what `data/folds.json` tells: kind, device, seq, time,
received, id, payload.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Final

Acts = list[dict[str, Any]]
DEFAULTS: Final[dict[str, tuple[Any, ...]]] = {
    "appeal.opened": ("", "", "", "", "", "", None, ""),
    "appeal.amended": ("", ""),
    "appeal.withdrawn": ("",),
    "appeal.commented": (),
    "appeal.rated": ("",),
    "desk.registered": ("", "", [], 0, False, None),
    "desk.status": ("", None),
    "desk.replied": (),
    "desk.assigned": (None,),
    "desk.noted": (),
    "desk.merged": (None,),
    "desk.extended": ("",),
    "desk.forwarded": ("", "", None),
    "news.published": ("", "", "normal", 0),
    "news.corrected": ("", "", "normal", 0),
    "news.withdrawn": ("",),
    "news.confirmed": (),
    "trust.granted": ("", ""),
    "trust.revoked": (0,),
    "trust.keyed": (),
    "trust.invited": (),
    "trust.joined": (),
    "trust.dismissed": (),
    "place.listed": ("", "", None, None, "", "", "", [], "", 0),
    "place.updated": ("", "", None, None, "", "", "", [], "", 0),
    "place.confirmed": ("", "", 0),
    "place.removed": ("",),
    "outage.scheduled": ([], "", "", 0),
    "outage.rescheduled": ([], "", "", 0),
    "outage.announced": ([], "", True),
    "outage.cancelled": ("",),
}
"""Section 10: what stands at the end of each kind's array when it is left out."""
LENGTHS: Final[dict[str, int]] = {
    "appeal.opened": 12, "appeal.amended": 4, "appeal.withdrawn": 1, "appeal.commented": 1,
    "appeal.rated": 2, "desk.registered": 7, "desk.status": 3, "desk.replied": 1,
    "desk.assigned": 2, "desk.noted": 1, "desk.merged": 2, "desk.extended": 1,
    "desk.forwarded": 4,
    "news.published": 6, "news.corrected": 6, "news.withdrawn": 1, "news.confirmed": 1,
    "trust.granted": 5, "trust.keyed": 4,
    "trust.revoked": 4, "trust.invited": 4, "trust.joined": 2, "trust.dismissed": 2,
    "place.listed": 12, "place.updated": 12, "place.confirmed": 4,
    "place.removed": 1, "outage.scheduled": 7, "outage.rescheduled": 7, "outage.announced": 7,
    "outage.cancelled": 1,
}  # fmt: skip


def payload(kind: str, told: list[Any]) -> list[Any]:
    """Section 8: missing last fields have their default, further ones are ignored."""
    length, defaults = LENGTHS[kind], DEFAULTS[kind]
    assert len(told) >= length - len(defaults), kind
    known = told[:length]
    return known + list(defaults[len(defaults) - (length - len(known)) :])


def time_of(act: dict[str, Any]) -> int:
    """Section 2: the clamped time."""
    time, received = act["time"], act["received"]
    return int(time if received is None else min(time, ((received + 1) << 16) - 1))


def in_order(acts: Acts) -> Acts:
    """Section 11: each id once, by (clamped time, device, seq, id), with clamped times."""
    once = {act["id"]: act for act in acts}.values()
    clamped = [
        {**act, "time": time_of(act), "payload": payload(act["kind"], act["payload"])}
        for act in once
    ]
    return sorted(
        clamped,
        key=lambda act: (
            act["time"], bytes.fromhex(act["device"]), act["seq"], bytes.fromhex(act["id"]),
        ),
    )  # fmt: skip


def of(acts: Acts, *kinds: str) -> Acts:
    """The acts of these kinds."""
    return [act for act in acts if act["kind"] in kinds]


def thread(acts: Acts) -> object:
    """Section 11, thread."""
    openings = of(acts, "appeal.opened")
    if not openings:
        return None
    opening = openings[0]
    desk = [act for act in acts if act["kind"].startswith("desk.")]
    own = [
        act
        for act in acts
        if act["kind"].startswith("appeal.") and act["device"] == opening["device"]
    ]
    registered = of(desk, "desk.registered")
    first = acts.index(registered[0]) if registered else len(acts)
    amended = of([act for act in own if acts.index(act) < first], "appeal.amended")
    _, _, title, text, category, address, *_ = opening["payload"]
    if amended:
        title, text, *named = amended[-1]["payload"]
        category, address = named[0] or category, named[1] or address
    numbers = [act["payload"][0] for act in registered]
    steps = ("desk.registered", "desk.status", "desk.extended", "desk.forwarded")
    history = [step(act) for act in of(desk, *steps)]
    stands = [
        step(act)[0]
        for act in of(desk, "desk.registered", "desk.status")
        if act["kind"] == "desk.status" or act["payload"][-1] is None
    ]
    rated = of(own, "appeal.rated")
    return {
        "opener": opening["device"], "time": opening["time"], "title": title, "text": text,
        "category": category, "address": address,
        "withdrawn": bool(of(own, "appeal.withdrawn")),
        "number": numbers[-1] if numbers else "",
        "rivals": list(dict.fromkeys(each for each in numbers if each != numbers[-1])),
        "status": (stands or ["registered" if registered else ""])[-1], "history": history,
        "said": [
            [act in desk, act["payload"][0], act["time"]]
            for act in of(acts, "appeal.commented", "desk.replied")
            if act in own or act in desk
        ],
        "rating": rated[-1]["payload"] if rated else None,
    }  # fmt: skip


def step(act: dict[str, Any]) -> list[Any]:
    """A step of the history: what, note, time."""
    said = act["payload"]
    if act["kind"] == "desk.status":
        return [said[0], said[1], act["time"]]
    if act["kind"] == "desk.registered":
        return ["registered", said[1], act["time"]]
    if act["kind"] == "desk.forwarded":
        return ["forwarded", f"{said[0]}: {said[2]}" if said[2] else said[0], act["time"]]
    return ["extended", said[0], act["time"]]


def register(acts: Acts) -> dict[str, Any]:
    """Section 11, registers: the acts of one kind, and the heads that they leave."""
    first = [act for act in acts if act["payload"][-1] is None]
    gone = {name for act in acts for name in act["payload"][-1] or []}
    if first:
        knows = {first[-1]["id"][:16]}
        for _ in acts:  # each round finds who names one that is found
            knows |= {
                act["id"][:16] for act in acts if knows.intersection(act["payload"][-1] or [])
            }
        before = acts[: acts.index(first[-1])]
        gone |= {act["id"][:16] for act in before} - knows
    heads = [act for act in reversed(acts) if act["id"][:16] not in gone]
    told = []
    for act in heads:
        said = act["payload"][:-1]
        alone = act["kind"] in ("desk.assigned", "desk.merged", "desk.forwarded")
        told.append([said[0] if alone else said, act["time"], act["device"], act["id"]])
    return {"heads": told, "conflict": any(head[0] != told[0][0] for head in told)}


def card(acts: Acts) -> object:
    """Section 11, journal card."""
    registered, extended = of(acts, "desk.registered"), of(acts, "desk.extended")
    ends = [
        act
        for act in of(acts, "desk.status")
        if act["payload"][0] in ("answered", "returned", "closed")
    ]
    return {
        "registration": register(registered),
        "status": register(of(acts, "desk.status")),
        "assignee": register(of(acts, "desk.assigned")),
        "merged": register(of(acts, "desk.merged")),
        "forwarded": register(of(acts, "desk.forwarded")),
        "notes": [
            [act["payload"][0], act["time"], act["device"]] for act in of(acts, "desk.noted")
        ],
        "registered_at": first_time(registered),
        "extended_at": first_time(extended),
        "forwarded_at": (of(acts, "desk.forwarded") or [{"time": None}])[-1]["time"],
        "answered_at": first_time(ends),
    }


def first_time(acts: Acts) -> object:
    """The time of the first of these acts."""
    return acts[0]["time"] if acts else None


def news(acts: Acts) -> object:
    """Section 11, news."""
    published, corrected = of(acts, "news.published"), of(acts, "news.corrected")
    if not published:
        return None
    withdrawn = of(acts, "news.withdrawn")
    wordings = published[:1] + corrected
    standing = [act for act in wordings if stands(act, of(acts, "news.confirmed"))]
    force = (standing or wordings)[-1]
    return {
        "wording": force["payload"],
        "confirmed": bool(standing),
        "awaiting": None if wordings[-1] in standing else wordings[-1]["payload"],
        "published_at": published[0]["time"],
        "changed_at": [act for act in acts if act["kind"] != "news.confirmed"][-1]["time"],
        "corrections": wordings.index(force),
        "withdrawn": bool(withdrawn),
        "note": withdrawn[-1]["payload"][0] if withdrawn else "",
    }


def stands(wording: dict[str, Any], confirmed: Acts) -> bool:
    """Section 11, news: an urgent wording needs the signature of another device."""
    by = {act["device"] for act in confirmed if act["payload"][0] == wording["id"]}
    return wording["payload"][4] != "urgent" or bool(by - {wording["device"]})


def place(acts: Acts) -> object:
    """Section 11, place."""
    listed, updated = of(acts, "place.listed"), of(acts, "place.updated")
    if not listed:
        return None
    looked = (of(acts, "place.updated", "place.confirmed") or listed[:1])[-1]
    removed = of(acts, "place.removed")
    said = looked["payload"]
    condition, by, note, expires = ("open", said[-2], "", said[-1])
    if looked["kind"] == "place.confirmed":
        condition, by, note, expires = said
    return {
        "wording": (updated or listed[:1])[-1]["payload"],
        "condition": condition,
        "note": removed[-1]["payload"][0] if removed else note,
        "confirmed_at": looked["time"],
        "confirmed_by": by,
        "expires_at_ms": expires,
        "removed": bool(removed),
    }


def outage(acts: Acts) -> object:
    """Section 11, outage."""
    opened = of(acts, "outage.scheduled", "outage.announced")
    if not opened:
        return None
    again = of(acts, "outage.rescheduled") if opened[0]["kind"] == "outage.scheduled" else []
    cancelled = of(acts, "outage.cancelled")
    return {
        "wording": (again or opened[:1])[-1]["payload"],
        "changed_at": acts[-1]["time"],
        "cancelled": bool(cancelled),
        "note": cancelled[-1]["payload"][0] if cancelled else "",
    }


def trust(acts: Acts) -> object:
    """Section 11, trust: for each grant its role, and where revocations cut it off."""
    granted: dict[tuple[str, str], str] = {}
    for act in of(acts, "trust.granted"):
        key, role, scope, *_ = act["payload"]
        granted[device_of(key), scope] = role
    revoked = [act["payload"] for act in of(acts, "trust.revoked")]
    rows = []
    for (device_id, scope), role in granted.items():
        cuts = [last for who, _, where, last in revoked if (who, where) == (device_id, scope)]
        cut = min(cuts, default=None)
        rows.append({
            "device": device_id, "scope": scope, "granted": role, "cut": cut,
            "at_seq": {
                str(seq): role if cut is None or seq <= cut else None for seq in (1, 4, 5, 9)
            },
            "from_now_on": role if cut is None else None,
        })  # fmt: skip
    return rows


def device_of(key: str) -> str:
    """Section 1: the device with this public key, both in hex."""
    return hashlib.sha256(b"misto/device/1\0" + bytes.fromhex(key)).digest()[:16].hex()


def keys(acts: Acts, card: dict[str, list[Any]]) -> object:
    """Section 11, queue keys and box keys, with the queues of the card."""
    known: dict[str, dict[str, list[Any]]] = {
        queue: {str(number): [key, {}]} for queue, (number, key) in card.items()
    }
    for queue, number, key, wraps in (act["payload"] for act in of(acts, "trust.keyed")):
        if queue not in known:
            continue
        first, handed = known[queue].setdefault(str(number), [key, {}])
        for device, sealed, *_ in wraps if key == first else ():
            if sealed not in handed.setdefault(device, []):
                handed[device].append(sealed)
    grants = [act["payload"] for act in of(acts, "trust.granted")]
    return {
        "boxes": {device_of(key): box for key, _, _, _, box in grants if box},
        "in_force": {queue: max(map(int, numbers)) for queue, numbers in known.items()},
        "keys": known,
    }


def roll(acts: Acts) -> object:
    """Section 11, volunteers."""
    cut = {(act["payload"][0], act["payload"][2]) for act in of(acts, "trust.revoked")}
    acts = sorted(acts, key=lambda act: act["received"] or float("inf"))  # stable
    invitations: dict[str, list[Any]] = {}
    for act in of(acts, "trust.invited"):
        key, scope, district, until = act["payload"]
        if act["received"] or (act["device"], scope) not in cut:
            invitations.setdefault(device_of(key), [scope, district, until, act["device"]])
    joined: dict[str, str] = {}
    for act in of(acts, "trust.joined"):
        key = device_of(act["payload"][0])
        if key in invitations and (act["received"] or 0) <= invitations[key][2]:
            joined.setdefault(key, act["device"])
    gone = {
        tuple(act["payload"])
        for act in of(acts, "trust.dismissed")
        if act["received"] or (act["device"], act["payload"][1]) not in cut
    }
    return {
        "invitations": invitations,
        "joined": joined,
        "volunteers": sorted(
            [who, invitations[key][1], invitations[key][2]]
            for key, who in joined.items()
            if not gone & {(key, invitations[key][0]), (who, invitations[key][0])}
        ),
    }


FOLDS: Final[dict[str, Callable[[Acts], object]]] = {
    "thread": thread, "news": news, "trust": trust, "place": place, "outage": outage,
    "card": card, "roll": roll,
}  # fmt: skip


def state(sort: str, acts: Acts, card: dict[str, list[Any]] | None = None) -> object:
    """The state that these acts make; `card` has the queues of the card, where they matter."""
    if sort == "keys":
        return keys(in_order(acts), card or {})
    return FOLDS[sort](in_order(acts))

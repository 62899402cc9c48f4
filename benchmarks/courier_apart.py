"""One carried request, byte by byte: `python -m benchmarks.courier_apart`.

The means of a hundred appeals of a hundred devices: what each field has in the request, and what of
that is still written when a bundle of all of them has put what they share into forms.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from benchmarks import courier, documents
from client.services.replica import Replica
from misto.city import init_city
from shared_schema.crypto.signing import SIGNATURE_BYTES
from shared_schema.records.appeal import Opened
from shared_schema.records.kinds import encode_payload
from shared_schema.sync.bundle import decode_request
from shared_schema.sync.courier import encode_courier, request_item
from shared_schema.sync.forms import Form, find_forms

_APPEALS: Final = 100
_ITEM_HEAD: Final = 5


class Field(NamedTuple):
    """A stretch of a request."""

    name: str
    start: int
    end: int


def fields(raw: bytes, text_bytes: int) -> Iterator[Field]:
    """The fields of a request with one opening for one queue, in the order of its bytes."""
    request = decode_request(raw)
    (run,) = request.sections[0].runs
    (part,) = run.parts
    at = raw.index(part)
    wants = msgspec.msgpack.encode(request.wants)
    scope = raw.index(run.scope)
    text = at + 12 + 1 + 2 + 32 + 48 + 16
    sign = at + len(part) - SIGNATURE_BYTES
    end = len(raw) - SIGNATURE_BYTES
    yield Field("type of the bundle", 0, 1)
    yield Field("sender's public key", 1, 33)
    yield Field("wants: feeds, tops, explain", 35, 35 + len(wants))
    yield Field("scope", scope, scope + 16)
    yield Field("flags, kind, version", at, at + 1)
    yield Field("flags, kind, version", at + 9, at + 12)
    yield Field("time", at + 1, at + 9)
    yield Field("number of wraps and of the key", at + 12, at + 15)
    yield Field("HPKE: encapsulated key", at + 15, at + 47)
    yield Field("HPKE: wrapped thread key", at + 47, at + 79)
    yield Field("HPKE: tag", at + 79, at + 95)
    yield Field("salt", text - 16, text)
    yield Field("text, packed", text, text + text_bytes)
    yield Field("padding with its mark", text + text_bytes, sign - 16)
    yield Field("tag of the text", sign - 16, sign)
    yield Field("the change's signature", sign, sign + SIGNATURE_BYTES)
    yield Field("budget, and what is empty", sign + SIGNATURE_BYTES, end)
    yield Field("the request's signature", end, len(raw))


def table(requests: Sequence[bytes], texts: Sequence[int]) -> dict[str, tuple[float, float]]:
    """Mean bytes of each field in a request, and of those that its form does not say."""
    items = [request_item(raw) for raw in requests]
    forms = {place: form for form, places in find_forms(items) for place in places}
    sums: dict[str, list[int]] = {}
    for place, (raw, text) in enumerate(zip(requests, texts, strict=True)):
        own = _own_places(forms.get(place), len(raw))
        named = _named(raw, text)
        for name, places in named.items():
            found = sums.setdefault(name, [0, 0])
            found[0] += len(places)
            found[1] += len(places & own)
    count = len(requests)
    return {name: (whole / count, own / count) for name, (whole, own) in sums.items()}


def _named(raw: bytes, text_bytes: int) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for field in fields(raw, text_bytes):
        found.setdefault(field.name, set()).update(range(field.start, field.end))
    rest = set(range(len(raw))).difference(*found.values())
    return {**found, "msgpack: arrays, lengths, seq, prev": rest}


def _own_places(form: Form | None, size: int) -> set[int]:
    if form is None:
        return set(range(size))
    places: set[int] = set()
    at = 0
    for own, common in form.pieces:
        places |= set(range(at, at + own))
        at += own + len(common)
    return places


def show(reader: Replica, what: str, appeals: Sequence[Opened]) -> None:
    """Print the table of these appeals."""
    requests = [courier.request_of(reader, [each]) for each in appeals]
    texts = [len(encode_payload(each, sealed=True)) for each in appeals]
    bundle = len(encode_courier(reader.card.city, map(request_item, requests)))
    rows = table(requests, texts)
    print(f"{what}: a bundle of {len(requests)} has {bundle} bytes")
    for name, (whole, own) in rows.items():
        print(f"| {name} | {whole:.1f} | {own:.1f} |")
    sums = [sum(row[place] for row in rows.values()) for place in (0, 1)]
    print(f"| together | {sums[0]:.1f} | {sums[1]:.1f} |")
    print(f"| a request's share of the bundle | {sums[0] + _ITEM_HEAD:.1f} |", end="")
    print(f" {bundle / len(requests):.1f} |")


def main() -> None:
    """Print the tables of templated appeals and of free prose."""
    with tempfile.TemporaryDirectory(prefix="misto-apart-") as name:
        folder = Path(name)
        init_city(folder / "city", "Бенч", servers=(), districts=())
        card = (folder / "city" / "card.json").read_bytes()
        with Replica.create(folder / "reader", card) as reader:
            show(reader, "templated", list(documents.appeals(_APPEALS)))
            if prose := documents.prose_appeals(_APPEALS):
                show(reader, "free prose", prose)


if __name__ == "__main__":
    main()

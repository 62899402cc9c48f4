"""Vectors of the small things: identifiers, packing, padding, digests."""

from __future__ import annotations

from typing import Final

from shared_schema.crypto import packing, padding
from shared_schema.crypto.signing import Signer
from shared_schema.crypto.slip import Slip, secrets_of_slip
from shared_schema.ids import MAIL, NEWS, TRUST, device_id, feed_id, scope_id
from shared_schema.sync import digest
from tests.vectors import cast
from tests.vectors.kept import TEXTS, Kept

OPEN_TEXTS: Final = ("", "ok", "Немає води", "«Їжак» № 5 – €", "Дякуємо 😀", "Ґ" * 300)
LENGTHS: Final = (
    1, 95, 96, 97, 104, 105, 127, 128, 129, 200, 255, 256, 257, 1000, 1024, 1025, 9999, 30000,
)  # fmt: skip

SLIPS: Final = (bytes(10), bytes(range(10)), b"\xff" * 10)


def identifiers() -> dict[str, object]:
    """Identifiers of the vectors' people and places."""
    return {
        "root_v1": b"the first root metadata of the vectors' city".hex(),
        "city": cast.CITY.hex(),
        "devices": [
            {
                "who": who,
                "public_key": each.public_key.hex(),
                "device": device_id(each.public_key).hex(),
                "mail": feed_id(cast.CITY, MAIL, each.device).hex(),
            }
            for who, each in cast.PEOPLE.items()
        ],
        "scopes": {
            name: scope_id(cast.CITY, name).hex()
            for name in (TRUST, NEWS, cast.GENERAL, "queue/їжак")
        },
    }


def packings(kept: Kept) -> dict[str, object]:
    """Packed texts. `open` is the one right packing; `sealed` is one of many that unpack alike."""
    return {
        "open": [{"text": text, "packed": packing.pack_open(text).hex()} for text in OPEN_TEXTS],
        "sealed": [
            {"text": text, "packed": packed.hex()}
            for text, packed in zip(TEXTS, kept.packed, strict=True)
        ],
    }


def paddings() -> dict[str, object]:
    """Padded lengths, and padded bytes."""
    data = (b"", b"xyz", b"\x80", b"\x80\0\0", bytes(95), b"a" * 96, b"b" * 200)
    return {
        "lengths": [[length, padding.padded_length(length)] for length in LENGTHS],
        "padded": [{"data": each.hex(), "padded": padding.pad(each).hex()} for each in data],
    }


def digests() -> list[object]:
    """Digests of sets of changes; the same in any order."""
    ids = [bytes([number]) * 32 for number in range(5)]
    news = [change.id for change in cast.news_changes()]
    sets: tuple[list[bytes], ...] = ([], ids[:1], ids[:3], list(reversed(ids[:3])), ids, news)
    return [
        {
            "ids": [each.hex() for each in some],
            "digest": digest.finish(digest.add(digest.EMPTY, some)).hex(),
            "state": digest.add(digest.EMPTY, some).hex(),
        }
        for some in sets
    ]


def slips() -> list[object]:
    """Claim slips: the secret in words and as the text of a QR code, and the device that it is."""
    return [_slip(Slip(secret, cast.CITY)) for secret in SLIPS]


def _slip(slip: Slip) -> dict[str, object]:
    secrets = secrets_of_slip(slip)
    return {
        "city": slip.city.hex(),
        "secret": slip.secret.hex(),
        "words": " ".join(slip.words),
        "qr": slip.qr,
        "signing_seed": secrets.signing_seed.hex(),
        "device_secret": secrets.device_secret.hex(),
        "device": Signer(secrets.signing_seed).device.hex(),
    }

"""The trust changes that travel with a city card, checked before anybody believes them."""

from __future__ import annotations

from shared_schema.crypto.card import Card
from shared_schema.errors import CardError, ProtocolError
from shared_schema.ids import device_id
from shared_schema.sync.change import Change, decode, signature_holds


def trust_of(card: Card) -> list[tuple[bytes, Change]]:
    """The card's trust changes, as (public key, change).

    They stand outside the signed metadata, so that a grant needs no root key: each is signed by an
    enrolment key that the metadata delegates.

    Raises:
        CardError: one is damaged, forged, or by a device that is no enrolment key of this city.
    """
    return [(key, _checked(card, key, raw)) for key, raw in card.trust]


def _checked(card: Card, public_key: bytes, raw: bytes) -> Change:
    try:
        change = decode(raw)
    except ProtocolError as error:
        raise CardError("damaged trust change") from error
    author = device_id(public_key)
    if change.device != author or author not in card.enrolment_devices:
        raise CardError("trust change by a stranger")
    if not signature_holds(change, public_key):
        raise CardError("forged trust change")
    return change

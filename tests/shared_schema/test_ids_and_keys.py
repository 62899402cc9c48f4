"""Every sort of id is its own: whoever holds the thing can compute it, and none is another."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.signing import (
    BUNDLE_DOMAIN,
    CHANGE_DOMAIN,
    STATEMENT_DOMAIN,
    Signer,
    verify,
)
from shared_schema.ids import MAIL, NEWS, city_id, device_id, feed_id, queue_scope, scope_id

CITY = b"c" * 16


def test_ids_are_the_heads_of_hashes_with_a_domain() -> None:
    assert device_id(b"k" * 32) == hashlib.sha256(b"misto/device/1\0" + b"k" * 32).digest()[:16]
    assert city_id(b"root") == hashlib.sha256(b"misto/city/1\0root").digest()[:16]
    name = "queue/general"
    assert queue_scope("general") == name
    assert (
        scope_id(CITY, name)
        == hashlib.sha256(b"misto/scope/1\0" + CITY + name.encode()).digest()[:16]
    )


def test_one_thing_has_as_many_ids_as_it_has_roles() -> None:
    assert len({device_id(CITY), city_id(CITY), scope_id(CITY, ""), feed_id(CITY, MAIL, b"")}) == 4


def test_a_scope_s_feed_is_everybody_s_and_a_mailbox_is_one_device_s() -> None:
    one, two = b"1" * 16, b"2" * 16
    assert feed_id(CITY, NEWS, one) == feed_id(CITY, NEWS, two) == scope_id(CITY, NEWS)
    assert feed_id(CITY, MAIL, one) != feed_id(CITY, MAIL, two)
    assert feed_id(b"d" * 16, MAIL, one) != feed_id(CITY, MAIL, one)


def test_a_fresh_signer_can_be_made_again_from_its_seed() -> None:
    signer, seed = Signer.generate()
    again = Signer(seed)
    assert (again.public_key, again.device) == (signer.public_key, device_id(signer.public_key))
    assert Signer.generate()[1] != seed


@given(st.binary(max_size=100))
def test_a_signature_holds_for_its_key_its_domain_and_its_bytes(message: bytes) -> None:
    signer, other = Signer(b"\1" * 32), Signer(b"\2" * 32)
    signature = signer.sign(CHANGE_DOMAIN, message)
    assert verify(signer.public_key, signature, CHANGE_DOMAIN, message)
    assert not verify(other.public_key, signature, CHANGE_DOMAIN, message)
    assert not verify(signer.public_key, signature, CHANGE_DOMAIN, message + b"\0")
    for domain in (BUNDLE_DOMAIN, STATEMENT_DOMAIN):
        assert not verify(signer.public_key, signature, domain, message)


@given(st.binary(max_size=40), st.binary(max_size=70))
def test_garbage_for_a_key_or_a_signature_is_just_not_valid(key: bytes, signature: bytes) -> None:
    assert not verify(key, signature, CHANGE_DOMAIN, b"message")

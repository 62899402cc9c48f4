"""Volunteers: one device an invitation, until a date, until it is dismissed; in every order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_schema.crypto.signing import Signer
from shared_schema.records.trust import Granted, Grants, Payload, Revoked, TrustAct, fold_trust
from shared_schema.records.volunteer import Dismissed, Invited, Joined, vouch, vouched

QUEUE, DISTRICT = "queue/general", "Поділ"
DESK, OTHER_DESK = Signer(b"\1" * 32), Signer(b"\2" * 32)
INVITATION, SECOND = Signer(b"\3" * 32), Signer(b"\4" * 32)
VOLUNTEER, THIEF = Signer(b"\5" * 32), Signer(b"\6" * 32)
OFFICE = b"o" * 16
SCOPE = b"t" * 16
UNTIL = 1_000_000


def act(number: int, device: bytes, payload: Payload, received: int = 0) -> TrustAct:
    return TrustAct(number << 16, device, number, bytes([number]) * 32, payload, received)


def granted(desk: Signer, number: int = 1) -> TrustAct:
    return act(number, OFFICE, Granted(desk.public_key.hex(), "desk", QUEUE), number)


def invited(number: int, key: Signer = INVITATION, received: int = 0) -> TrustAct:
    payload = Invited(key.public_key.hex(), QUEUE, DISTRICT, UNTIL)
    return act(number, DESK.device, payload, received)


def joined(number: int, who: Signer, key: Signer = INVITATION, received: int = 0) -> TrustAct:
    payload = Joined(key.public_key.hex(), vouch(key, SCOPE, who.device))
    return act(number, who.device, payload, received)


def dismissed(number: int, who: Signer, received: int = 0) -> TrustAct:
    return act(number, DESK.device, Dismissed(who.device.hex(), QUEUE), received)


def volunteers(*acts: TrustAct, at_ms: int = 10) -> set[bytes]:
    roll = fold_trust(acts).roll
    return {who.device for who in (VOLUNTEER, THIEF) if roll.volunteer(who.device, at_ms)}


def test_a_code_makes_one_volunteer_until_the_date_and_not_a_millisecond_longer() -> None:
    acts = (granted(DESK), invited(2), joined(3, VOLUNTEER))
    assert volunteers(*acts) == {VOLUNTEER.device}
    assert volunteers(*acts, at_ms=UNTIL) == {VOLUNTEER.device}
    assert volunteers(*acts, at_ms=UNTIL + 1) == set()


def test_the_first_that_the_city_received_stands_and_not_who_dates_back() -> None:
    acts = [granted(DESK), invited(2, received=5), joined(9, VOLUNTEER, received=20)]
    assert volunteers(*acts, joined(3, THIEF)) == {VOLUNTEER.device}
    assert volunteers(*acts, joined(3, THIEF, received=19)) == {THIEF.device}


def test_without_an_invitation_nobody_is_let_in() -> None:
    assert volunteers(granted(DESK), joined(3, VOLUNTEER)) == set()
    assert volunteers(granted(DESK), invited(2), joined(3, VOLUNTEER, SECOND)) == set()


def test_what_comes_to_the_city_after_the_date_counts_for_nothing() -> None:
    late = joined(3, VOLUNTEER, received=UNTIL + 1)
    assert volunteers(granted(DESK), invited(2), late) == set()
    assert volunteers(granted(DESK), invited(2), late, joined(4, THIEF)) == {THIEF.device}


@pytest.mark.parametrize("named", [VOLUNTEER, INVITATION])
def test_a_dismissal_is_final_in_whatever_order(named: Signer) -> None:
    acts = [granted(DESK), invited(2), joined(3, VOLUNTEER), dismissed(4, named)]
    assert volunteers(*acts) == volunteers(*reversed(acts)) == set()
    again = [*acts, invited(5), joined(6, VOLUNTEER)]
    assert volunteers(*again) == set()


def test_a_dismissed_device_does_not_come_back_by_another_invitation() -> None:
    acts = [granted(DESK), invited(2), joined(3, VOLUNTEER), dismissed(4, VOLUNTEER)]
    assert volunteers(*acts, invited(5, SECOND), joined(6, VOLUNTEER, SECOND)) == set()
    assert volunteers(*acts, invited(5, SECOND), joined(6, THIEF, SECOND)) == {THIEF.device}


def test_a_stolen_desk_cannot_go_on_inviting_among_those_without_a_network() -> None:
    cut = act(8, OFFICE, Revoked(DESK.device.hex(), "desk", QUEUE, 9), 8)
    assert volunteers(granted(DESK), invited(2), joined(3, VOLUNTEER), cut) == set()
    kept = (granted(DESK), invited(2, received=4), joined(3, VOLUNTEER, received=5), cut)
    assert volunteers(*kept) == {VOLUNTEER.device}
    assert volunteers(*kept, dismissed(9, VOLUNTEER)) == {VOLUNTEER.device}
    assert volunteers(*kept, dismissed(9, VOLUNTEER, received=7)) == set()


def test_joining_neither_raises_nor_lowers_what_a_device_is() -> None:
    """A desk's officer who joins must stay one, and a volunteer who is dismissed be no less."""
    acts = [granted(DESK), granted(OTHER_DESK, 2), invited(3), joined(4, OTHER_DESK)]
    for grants in (fold_trust(acts), fold_trust([*acts, dismissed(5, OTHER_DESK)])):
        assert grants.role(OTHER_DESK.device, QUEUE) == "desk"
        assert grants.role(VOLUNTEER.device, QUEUE) is None
        assert grants.cuts == {}


def test_the_signature_is_for_one_device_and_one_city() -> None:
    mine = Joined(INVITATION.public_key.hex(), vouch(INVITATION, SCOPE, VOLUNTEER.device))
    assert vouched(mine, SCOPE, VOLUNTEER.device)
    assert not vouched(mine, SCOPE, THIEF.device)
    assert not vouched(mine, b"x" * 16, VOLUNTEER.device)
    assert not vouched(Joined(SECOND.public_key.hex(), mine.signature), SCOPE, VOLUNTEER.device)


_ACTS = [
    granted(DESK), granted(OTHER_DESK, 2),
    *(invited(n, key, r) for n, key, r in ((3, INVITATION, 0), (4, SECOND, 0), (5, SECOND, 9))),
    *(
        joined(n, who, key, r)
        for n, who, key, r in (
            (6, VOLUNTEER, INVITATION, 0), (7, THIEF, INVITATION, 12), (8, THIEF, SECOND, 0),
            (9, VOLUNTEER, SECOND, 11), (10, VOLUNTEER, SECOND, UNTIL + 1),
        )
    ),
    dismissed(11, THIEF), dismissed(12, SECOND, 15),
    act(13, OFFICE, Revoked(DESK.device.hex(), "desk", QUEUE, 3), 13),
]  # fmt: skip


@given(st.lists(st.sampled_from(_ACTS), max_size=12), st.randoms())
def test_any_order_and_any_repeat_give_the_same_roll(acts: list[TrustAct], chance: object) -> None:
    shuffled = [*acts, *acts[:3]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fold_trust(shuffled) == fold_trust(acts)


@given(st.lists(st.sampled_from(_ACTS), max_size=12), st.integers(0, 2 * UNTIL))
def test_an_invitation_never_has_two_volunteers(acts: list[TrustAct], at_ms: int) -> None:
    grants: Grants = fold_trust(acts)
    keys = [who.invitation.device for who in grants.roll.joined.values()]
    assert len(keys) == len(set(keys))
    assert replace(grants, roll=fold_trust(()).roll) == fold_trust(
        each for each in acts if not isinstance(each.payload, Invited | Joined | Dismissed)
    )
    for who in (VOLUNTEER, THIEF):
        found = grants.roll.volunteer(who.device, at_ms)
        assert found is None or (at_ms <= UNTIL and found.device == who.device)

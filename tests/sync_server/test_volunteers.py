"""What the server lets volunteers, and those who pass for them, do: one device a code, no more."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared_schema.crypto.signing import Signer
from shared_schema.ids import NEWS, TRUST, scope_id
from shared_schema.records.kinds import BY_PAYLOAD, KINDS, encode_payload
from shared_schema.records.volunteer import Dismissed, Invited, Joined, vouch
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import Change
from shared_schema.sync.compose import compose_request
from shared_schema.sync.statement import Reason, Status
from tests.sync_server.test_verdicts import verdicts
from tests.sync_server.town import NOW_MS, QUEUE, Author, Town

INVITATION = Signer(b"i" * 32)
UNTIL = NOW_MS + 86_400_000
OK = (Status.ACCEPTED, Reason.OK)
NOT_ALLOWED = (Status.REFUSED, Reason.NOT_ALLOWED)
UNKNOWN = (Status.DEFERRED, Reason.MISSING_PARENT)


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path)


def say(who: Author, payload: Invited | Joined | Dismissed) -> Change:
    name = BY_PAYLOAD[type(payload)].name
    return who.write(name, encode_payload(payload, sealed=False), scope=TRUST)


def invited(who: Author, scope: str = QUEUE) -> Change:
    return say(who, Invited(INVITATION.public_key.hex(), scope, "Поділ", UNTIL))


def joined(who: Author, signed_for: Author | None = None, city: bytes = b"") -> Change:
    scope = scope_id(city or who.city, TRUST)
    signature = vouch(INVITATION, scope, (signed_for or who).signer.device)
    return say(who, Joined(INVITATION.public_key.hex(), signature))


def test_one_code_lets_one_device_in_also_in_one_commit_and_after_a_restart(town: Town) -> None:
    first, second = town.author(), town.author()
    entries = [town.desk.entry(invited(town.desk)), first.entry(joined(first)),
               second.entry(joined(second))]  # fmt: skip
    asked = compose_request(first.signer, (), entries)
    assert verdicts(town.answer(first, asked)) == [OK, OK, NOT_ALLOWED]
    town.service = town.open_service()
    assert verdicts(town.exchange(second, joined(second))) == [NOT_ALLOWED]
    assert verdicts(town.answer(first, asked)) == [OK, OK, NOT_ALLOWED]


def test_joining_without_an_invitation_is_kept_by_nobody(town: Town) -> None:
    """Everybody pulls trust first: a stranger must not be able to fill it."""
    stranger = town.author()
    assert verdicts(town.exchange(stranger, *(joined(stranger) for _ in range(3)))) == [UNKNOWN] * 3
    answer = town.exchange(stranger, wants=(Want(TRUST),))
    assert {each.change.device for each in answer.arrivals} == {town.enrolment.signer.device}
    again = joined(stranger)
    town.exchange(town.desk, invited(town.desk))
    assert verdicts(town.exchange(stranger, again)) == [OK]


def test_the_date_is_that_of_the_server_s_clock(town: Town) -> None:
    town.exchange(town.desk, invited(town.desk))
    early, late = town.author(), town.author()
    town.now_ms = UNTIL
    assert verdicts(town.exchange(early, joined(early, late))) == [NOT_ALLOWED]
    town.now_ms = UNTIL + 1
    assert verdicts(town.exchange(late, joined(late))) == [NOT_ALLOWED]


@pytest.mark.parametrize("who", ["resident", "newsroom", "enrolment"])
def test_only_a_desk_invites_and_dismisses_and_only_for_its_own_queue(town: Town, who: str) -> None:
    stranger: Author = getattr(town, who)
    gone = Dismissed(town.resident.signer.device.hex(), QUEUE)
    assert verdicts(town.exchange(stranger, invited(stranger), say(stranger, gone))) == [
        NOT_ALLOWED, NOT_ALLOWED,
    ]  # fmt: skip
    other = invited(town.desk, "queue/water"), invited(town.desk, NEWS), invited(town.desk, TRUST)
    assert verdicts(town.exchange(town.desk, *other)) == [NOT_ALLOWED] * 3


def test_a_revoked_desk_s_code_and_its_later_words_are_worth_nothing(town: Town) -> None:
    town.exchange(town.desk, invited(town.desk))
    town.exchange(town.enrolment, town.enrolment.revoke(town.desk, "desk", QUEUE, 9))
    volunteer = town.author()
    assert verdicts(town.exchange(volunteer, joined(volunteer))) == [NOT_ALLOWED]
    assert verdicts(town.exchange(town.desk, invited(town.desk))) == [NOT_ALLOWED]


@pytest.mark.parametrize("named", ["device", "invitation"])
def test_who_was_dismissed_does_not_join(town: Town, named: str) -> None:
    volunteer = town.author()
    device = volunteer.signer.device if named == "device" else INVITATION.device
    town.exchange(town.desk, invited(town.desk), say(town.desk, Dismissed(device.hex(), QUEUE)))
    assert verdicts(town.exchange(volunteer, joined(volunteer))) == [NOT_ALLOWED]


def test_the_signature_for_another_city_or_device_lets_nobody_in(town: Town) -> None:
    town.exchange(town.desk, invited(town.desk))
    thief = town.author()
    stolen = joined(thief, town.resident), joined(thief, city=b"another city, 16")
    assert verdicts(town.exchange(thief, *stolen)) == [NOT_ALLOWED, NOT_ALLOWED]


def test_a_volunteer_may_write_what_a_resident_may_and_nothing_else(town: Town) -> None:
    opened = town.resident.appeal()
    town.exchange(town.resident, opened)
    town.exchange(town.desk, invited(town.desk))
    volunteer = town.author()
    assert verdicts(town.exchange(volunteer, joined(volunteer), volunteer.appeal())) == [OK, OK]
    for kind in KINDS:
        if kind.writer in ("anyone", "opener", "invited"):
            continue
        scope = {"queue": QUEUE, "news": NEWS, "trust": TRUST}[kind.scope]
        record = None if kind.opens else opened.record
        body = encode_payload(invited_payload(), sealed=False) if kind.scope == "trust" else b"\0[]"
        change = volunteer.write(kind.name, body, record, scope=scope)
        ((status, _),) = verdicts(town.exchange(volunteer, change))
        assert status in (Status.REFUSED, Status.HELD), kind.name
        if status is Status.HELD:  # of a record that is not there in that scope
            assert kind.scope == "news"


def invited_payload() -> Invited:
    return Invited(INVITATION.public_key.hex(), QUEUE, "Поділ", UNTIL)


def test_a_volunteer_gets_no_queue_s_feed(town: Town) -> None:
    town.exchange(town.resident, town.resident.appeal())
    town.exchange(town.desk, invited(town.desk))
    volunteer = town.author()
    answer = town.exchange(volunteer, joined(volunteer), wants=(Want(QUEUE),))
    assert (answer.heads, answer.arrivals) == ((), ())

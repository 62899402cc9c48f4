"""Volunteers: invited and joined without a network; one device a code; dismissed is dismissed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client.services.authoring import save
from client.services.courier.courier import Courier
from client.services.desk import Desk
from client.services.errors import InvitationClosed, NotAllowed, UnknownRecord
from client.services.notes import Notes
from client.services.replica import Replica
from client.services.volunteers import InvitedView, Membership, Volunteers
from shared_schema.crypto.slip import Slip, SlipMismatch, UnknownSlipWord
from shared_schema.ids import TRUST
from shared_schema.records.appeal import Registered
from shared_schema.records.trust import Revoked
from shared_schema.records.volunteer import Dismissed
from shared_schema.sync.carried import OtherCity
from shared_schema.sync.invitation import BadInvitation, InvitationCode
from tests.client.city import START_MS, City, files_of, publish_trust
from tests.client.officers import filed

GENERAL, DISTRICT = "queue/general", "Поділ"
UNTIL = START_MS + 30 * 86_400_000
NAME = "Оля з четвертого під’їзду"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return City(tmp_path / "here", queues=("general", "water"))


def of(replica: Replica) -> Volunteers:
    return Volunteers(replica, Notes(replica))


@contextmanager
def desk(city: City, *, online: bool = False) -> Iterator[Volunteers]:
    with city.profile("desk") as replica:
        if online:
            city.exchange(replica)
        yield of(replica)
        if online:
            city.exchange(replica)


def invite(city: City, *, online: bool = False) -> InvitationCode:
    with desk(city, online=online) as here:
        return here.invite(GENERAL, DISTRICT, UNTIL, NAME)


def join(city: City, text: str, who: str = "olya", *, online: bool = False) -> Membership:
    with city.resident(who) as device:
        here = of(device)
        here.join(text)
        if online:
            city.exchange(device)
        return told(device)


def slip_fits(code: InvitationCode, city: City) -> bool:
    """Ten bits of check in words: one code of 1,024 cannot be told from a code of another city."""
    return Slip(code.slip.secret, city.card.city).words == code.words


def test_a_volunteer_hands_on_the_invitation_that_it_came_with(city: City) -> None:
    """It is the desk's word already, though the city has not received it."""
    code = invite(city)
    with city.resident("olya") as olya, city.resident("neighbour") as neighbour:
        of(olya).join(code.text)
        for raw in Courier(olya).give():
            Courier(neighbour).take(raw, "file")
        (known,) = neighbour.grants.roll.invitations.values()
        assert known.device == code.signer().device
        assert not neighbour.grants.roll.joined  # that is olya's own, and waits for the city


def told(device: Replica) -> Membership:
    found = of(device).membership()
    assert found is not None
    return found


def after(city: City, who: str) -> Membership:
    with city.resident(who) as device:
        city.exchange(device)
        return told(device)


def listed(city: City) -> list[InvitedView]:
    with city.profile("desk") as replica:
        city.exchange(replica)
        city.exchange(replica)
        return of(replica).invited()


def test_two_phones_without_a_network_make_a_volunteer(city: City) -> None:
    code = invite(city)
    membership = join(city, code.text)
    assert membership == Membership("provisional", DISTRICT, UNTIL, GENERAL)
    with city.resident("neighbour") as other, city.resident("olya") as olya:
        assert not of(other).is_volunteer(olya.device)
        assert of(olya).is_volunteer(olya.device)


def test_whoever_comes_to_the_network_first_brings_the_invitation_too(city: City) -> None:
    """The desk's device may stay in the dark for weeks."""
    assert join(city, invite(city).text, online=True).state == "in_force"
    with city.resident("neighbour") as other:
        city.exchange(other)
        with city.resident("olya") as olya:
            assert of(other).is_volunteer(olya.device)
    (view,) = listed(city)
    assert (view.state, view.confirmed, view.name) == ("joined", True, NAME)


def test_nine_words_do_when_the_desk_has_been_online(city: City) -> None:
    code = invite(city, online=True)
    assert join(city, " ".join(code.words)).state == "unheard"
    assert after(city, "olya").state in ("provisional", "in_force")
    assert after(city, "olya") == Membership("in_force", DISTRICT, UNTIL, GENERAL)


def test_joining_by_words_waits_for_an_invitation_that_nobody_knows_yet(city: City) -> None:
    code = invite(city)
    join(city, " ".join(code.words), online=True)
    assert after(city, "olya").state == "unheard"
    listed(city)
    after(city, "olya")
    assert after(city, "olya").state == "in_force"


def test_a_stolen_code_lets_in_the_first_and_refuses_the_second(city: City) -> None:
    code = invite(city, online=True)
    assert join(city, code.text, "thief", online=True).state == "in_force"
    assert join(city, code.text, "olya").state == "provisional"
    assert after(city, "olya").state == "taken"
    assert after(city, "thief").state == "in_force"
    (view,) = listed(city)
    with desk(city, online=True) as here:
        here.dismiss(view.id[:8])
    assert after(city, "thief").state == "dismissed"
    with city.resident("third") as third:
        city.exchange(third)
        with pytest.raises(InvitationClosed):
            of(third).join(code.text)


def test_a_code_is_worth_nothing_after_its_date_by_the_server_s_clock(city: City) -> None:
    code = invite(city, online=True)
    with city.resident("olya") as device:
        of(device).join(code.text)
        city.clock.now_ms = UNTIL + 1
        city.exchange(device)
        assert told(device).state == "refused"
        city.clock.now_ms = START_MS  # and turning one's own clock back does not help
        assert told(device).state == "refused"
    assert listed(city)[0].device == ""


def test_a_volunteer_is_one_until_the_date(city: City) -> None:
    assert join(city, invite(city).text, online=True).holds
    city.clock.now_ms = UNTIL
    assert after(city, "olya").holds
    city.clock.now_ms += 1
    assert after(city, "olya") == Membership("past", DISTRICT, UNTIL, GENERAL)
    assert listed(city)[0].state == "past"


@pytest.mark.parametrize("by", ["invitation", "device"])
def test_a_dismissal_reaches_everybody_and_is_final(city: City, by: str) -> None:
    join(city, invite(city).text, online=True)
    (view,) = listed(city)
    with desk(city, online=True) as here:
        assert here.dismiss(view.id if by == "invitation" else view.device).state == "dismissed"
        again = here.invite(GENERAL, DISTRICT, UNTIL)
    assert after(city, "olya").state == "dismissed"
    with city.resident("olya") as olya, city.resident("neighbour") as other:
        city.exchange(other)
        assert not of(other).is_volunteer(olya.device)
        with pytest.raises(InvitationClosed):
            of(olya).join(again.text)


def test_an_invitation_may_be_dismissed_before_anybody_uses_it(city: City) -> None:
    code = invite(city)
    (view,) = listed(city)
    with desk(city, online=True) as here:
        here.dismiss(view.id)
    assert join(city, code.text).state == "provisional"  # it has not heard
    assert after(city, "olya").state == "dismissed"


def test_a_revoked_desk_s_open_invitations_are_refused(city: City) -> None:
    code = invite(city, online=True)
    with city.profile("desk") as replica:
        publish_trust(city, Revoked(replica.device.hex(), "desk", GENERAL, 9))
    assert join(city, code.text, online=True).state in ("refused", "dismissed")
    assert not after(city, "olya").holds


def test_a_volunteer_may_not_do_a_desk_s_work(city: City) -> None:
    record = filed(city, "Немає води.")
    join(city, invite(city).text, online=True)
    with city.resident("olya") as olya:
        here = of(olya)
        assert olya.roles() == set()
        for act in (
            lambda: here.invite(GENERAL, DISTRICT, UNTIL),
            here.invited,
            Desk(olya).queue,
        ):
            with pytest.raises(NotAllowed):
                act()
        gone = Dismissed(olya.device.hex(), GENERAL)
        save(olya, gone, scope=TRUST)  # by whoever rewrites the app
        result = city.exchange(olya)
        assert [reason for _, reason in result.refused] == ["not_allowed"]
        assert told(olya).state == "in_force"
        assert record not in [view.record for view in olya.threads.own()]
        with pytest.raises(UnknownRecord):
            Desk(olya).reply(record, "Усе добре.")
        assert Registered  # the server's side is in tests/sync_server


def test_another_queue_s_desk_and_another_city_s_code(city: City, tmp_path: Path) -> None:
    with city.profile("desk-water") as water, pytest.raises(NotAllowed):
        of(water).invite(GENERAL, DISTRICT, UNTIL)
    other = City(tmp_path / "there")
    code = next(code for code in map(invite, [other] * 3) if not slip_fits(code, city))
    with city.resident("olya") as olya:
        with pytest.raises(OtherCity):
            of(olya).join(code.text)
        with pytest.raises(SlipMismatch):
            of(olya).join(" ".join(code.words))
        assert of(olya).membership() is None


def test_a_damaged_or_altered_code_is_refused_and_says_so(city: City) -> None:
    code, strange = invite(city), invite(city)
    mixed = InvitationCode(code.slip, strange.enclosed)
    letters = code.text
    with city.resident("olya") as olya:
        for text in (letters[:-9], letters[:60] + letters[61:], letters + "!", mixed.text,
                     letters[:70] + ("A" if letters[70] != "A" else "B") + letters[71:],
                     "misto:invite/1/", letters * 9):  # fmt: skip
            with pytest.raises(BadInvitation):
                of(olya).join(text)
        with pytest.raises(UnknownSlipWord):
            of(olya).join("один два три")
        assert of(olya).membership() is None
        assert of(olya).join(f"  {letters[:90]}\n{letters[90:]} ").holds


def test_joining_twice_says_it_once(city: City) -> None:
    code = invite(city)
    join(city, code.text)
    join(city, code.text, online=True)
    with city.resident("olya") as olya:
        rows = olya.store.rows("SELECT count(*) FROM changes WHERE kind = 0x0405")
        assert rows == [(1,)]


def test_whom_the_desk_means_is_in_no_change_and_in_no_file_in_clear(city: City) -> None:
    invite(city, online=True)
    with desk(city) as here:
        assert here.invited()[0].name == NAME
    everything = files_of(city.folder)
    for charset in ("utf-8", "cp1251", "utf-16-le"):
        assert NAME.encode(charset) not in everything


def test_the_code_itself_is_on_no_disk(city: City) -> None:
    code = invite(city, online=True)
    join(city, code.text, online=True)
    assert code.slip.secret not in files_of(city.folder)

"""The round on a phone: becoming a volunteer, doors, a light in words, and handing in honestly."""

from __future__ import annotations

import dataclasses

import pytest

from client.services.courier.types import Cleared, CourierState
from client.services.errors import InvitationClosed
from client.services.rounds.types import HandedIn, Missing
from client.services.volunteers import Membership, MemberState
from client.storage.errors import StorageFull
from client.transports.http import Unreachable
from shared_schema.crypto.slip import SlipIncomplete, SlipMismatch, UnknownSlipWord
from shared_schema.errors import MistoError
from shared_schema.sync.carried import OtherCity
from shared_schema.sync.invitation import BadInvitation
from tests.client.ui.fake import FakeDevice
from tests.client.ui.fake_rounds import MEMBER, stop
from tests.client.ui.headless import window
from tests.client.ui.samples import HOUR, NOW

pytestmark = pytest.mark.anyio


@pytest.fixture
def device() -> FakeDevice:
    made = FakeDevice()
    made.volunteers.mine = MEMBER
    return made


async def test_anybody_finds_the_way_from_the_settings_and_joins_by_a_code() -> None:
    device = FakeDevice()
    async with window(device, route="/settings") as screen:
        await screen.click("settings-round")
        await screen.until(lambda: screen.has("round-code"))
        assert not screen.has("round-light"), "who carries nothing has nothing to hand over"
        await screen.type("round-code", "абетка абрикос")
        await screen.click("round-join")
        await screen.until(lambda: screen.has("round-light"))
        assert device.volunteers.joins == ["абетка абрикос"]
        assert "Місто підтвердить" in " ".join(screen.said("round-membership"))
        assert not screen.has("round-code")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (UnknownSlipWord(1, "щось"), "слово"),
        (SlipIncomplete(3), "дев’ять слів"),
        (SlipMismatch(), "порядок"),
        (BadInvitation(), "пошкоджений"),
        (InvitationClosed(), "Попросіть нове"),
        (OtherCity(), "іншого міста"),
    ],
    ids=lambda each: type(each).__name__,
)
async def test_what_is_wrong_with_a_code_is_told_beside_it_and_it_stays_typed(
    error: MistoError, said: str
) -> None:
    device = FakeDevice()
    async with window(device, route="/round") as screen:
        await screen.type("round-code", "щось не те")
        device.fail = error
        await screen.click("round-join")
        assert said in screen.field("round-code", "error")
        assert screen.app.round.code.text == "щось не те"
        assert not screen.has("notice")


@pytest.mark.parametrize(
    ("state", "holds"),
    [("in_force", True), ("provisional", True), ("unheard", False), ("past", False),
     ("dismissed", False), ("taken", False), ("refused", False)],
)  # fmt: skip
async def test_it_says_as_what_one_is_a_volunteer_and_offers_another_code_when_one_is_not(
    device: FakeDevice, state: MemberState, holds: bool
) -> None:
    device.volunteers.mine = Membership(state, "Центр", MEMBER.until_ms)
    device.rounds.stops = [stop()]
    async with window(device, route="/round") as screen:
        assert screen.app.words(f"round.member_{state}") in screen.said("round-membership")
        assert screen.has("round-code") is not holds
        assert screen.has("round-fill") is holds
        assert screen.has("stop-aa01"), "whoever is dismissed has doors and a light all the same"


async def test_the_light_is_words_and_a_picture_and_says_all_that_is_missing(
    device: FakeDevice,
) -> None:
    async with window(device, route="/round") as screen:
        assert screen.said("round-light") == ["Усе передано"]
        device.rounds.missing = (
            Missing("urgent", 1), Missing("carried", 2), Missing("own", 5), Missing("replies", 21),
        )  # fmt: skip
        device.exchanged()
        await screen.until(lambda: len(screen.said("round-light")) == 5)
        assert screen.said("round-light") == [
            "Ще не все передано",
            "1 терміновий запит без квитанції міста",
            "2 запити без квитанції міста",
            "5 ваших записів без квитанції міста",
            "21 людині не віддано відповідь",
        ]


async def test_what_is_carried_is_told_with_its_room_and_its_age(device: FakeDevice) -> None:
    device.rounds.carried = CourierState(3, 2 * 1024, 32 * 1024 * 1024, 2, 0, 1, NOW - 2 * HOUR, 0)
    async with window(device, route="/round") as screen:
        said = screen.said("round-carried")
        assert "Несете 3 чужі запити" in said
        assert "2,0 КБ з 32,0 МБ" in said
        assert "Найдавніший чекає: 2 год тому" in said


async def test_handing_in_is_one_tap_with_a_summary(device: FakeDevice) -> None:
    async with window(device, route="/round") as screen:
        device.rounds.result = HandedIn(3, Cleared(3, 900, 4, 0, 2, 5, 0))
        await screen.click("round-hand-in")
        await screen.until(lambda: screen.has("round-handed-in"))
        (said,) = screen.said("round-handed-in")
        assert "Стерто 3 запити: місто їх має." in said
        assert "Залишено 2 запити: на них ще немає квитанції міста." in said
        assert "Збережено відповіді для 5 людей" in said


async def test_without_a_network_it_says_that_nothing_was_wiped(device: FakeDevice) -> None:
    async with window(device, route="/round") as screen:
        device.fail = Unreachable("no network")
        await screen.click("round-hand-in")
        await screen.until(lambda: screen.has("round-unreached"))
        assert "Нічого не стерто" in screen.said("round-unreached")[0]
        assert not screen.has("round-handed-in")
        await screen.click("round-hand-in")
        await screen.until(lambda: screen.has("round-handed-in"))
        assert not screen.has("round-unreached")


async def test_a_door_is_added_and_the_street_stays_for_the_next(device: FakeDevice) -> None:
    async with window(device, route="/round") as screen:
        await screen.click("round-add")
        assert screen.field("round-street", "error") == "Напишіть вулицю."
        await screen.type("round-street", "вул. Садова")
        await screen.type("round-building", "7")
        await screen.click("round-add")
        await screen.until(lambda: screen.has("stop-new1"))
        assert (screen.field("round-street"), screen.field("round-building")) == ("вул. Садова", "")
        assert "Двері: обійдено 0 з 1" in screen.texts()


async def test_the_district_fills_the_list(device: FakeDevice) -> None:
    async with window(device, route="/round") as screen:
        await screen.click("round-fill")
        await screen.until(lambda: screen.has("round-found"))
        assert screen.said("round-found") == ["Додано 2 двері"]
        assert "вул. Центр" in screen.texts()


async def test_a_tap_on_a_door_shows_what_can_be_done_there(device: FakeDevice) -> None:
    device.rounds.stops = [stop("s1", replies=1), stop("s2", building="7")]
    async with window(device, route="/round") as screen:
        assert not screen.has("mark-visited")
        await screen.click("stop-s1")
        await screen.click("stop-here")
        await screen.until(lambda: device.rounds.here == "s1")
        await screen.click("mark-visited")
        await screen.until(lambda: "Були" in " ".join(screen.said("stop-s1")))
        await screen.click("stop-handed")
        await screen.until(lambda: device.rounds.handed_over == ["sender of s1"])
        assert not screen.has("stop-handed")
        await screen.click("mark-visited")  # taken back
        await screen.until(lambda: "Ще не були" in screen.said("stop-s1"))
        await screen.click("stop-s2")
        await screen.click("stop-remove")
        assert screen.has("stop-s2"), "one tap with cold hands removes nothing"
        await screen.click("stop-remove-no")
        await screen.click("stop-remove")
        await screen.click("stop-remove-yes")
        await screen.until(lambda: not screen.has("stop-s2"))


async def test_a_reply_without_a_door_is_on_the_list_until_it_was_handed_over(
    device: FakeDevice,
) -> None:
    device.rounds.loose = ("ab" * 16,)
    async with window(device, route="/round") as screen:
        await screen.click("loose-0")
        await screen.until(lambda: not screen.has("loose-0"))
        assert device.rounds.handed_over == ["ab" * 16]


async def test_a_note_saves_itself_and_stands_on_its_door(device: FakeDevice) -> None:
    device.rounds.stops = [stop("s1", note="код 24"), stop("s2", building="7")]
    async with window(device, route="/round") as screen:
        assert "код 24" in screen.said("stop-s1")
        await screen.click("stop-s1")
        assert screen.field("stop-note") == "код 24"
        await screen.type("stop-note", "код 25, після шостої")
        await screen.click("stop-s2")  # sooner than it would save itself
        assert screen.field("stop-note") == ""
        assert "код 25, після шостої" in screen.said("stop-s1")
        await screen.until(lambda: device.rounds.stops[0].note == "код 25, після шостої")
        await screen.type("stop-note", "третій поверх")
        await screen.go("home")
        await screen.until(lambda: device.rounds.stops[1].note == "третій поверх")


async def test_a_note_that_the_disk_did_not_take_is_tried_again(device: FakeDevice) -> None:
    device.rounds.stops = [stop("s1")]
    async with window(device, route="/round") as screen:
        await screen.click("stop-s1")
        device.fail = StorageFull("disk")
        await screen.type("stop-note", "собака")
        screen.app.hidden()
        await screen.app.round.autosave.settled()
        assert device.rounds.stops[0].note == ""
        await screen.click("stop-s1")
        device.exchanged()
        await screen.click("stop-s1")
        assert screen.field("stop-note") == "собака", "it is not lost for being late"
        screen.app.hidden()
        await screen.until(lambda: device.rounds.stops[0].note == "собака")


async def test_a_mistaken_tap_on_handed_over_has_a_way_back(device: FakeDevice) -> None:
    device.rounds.stops = [stop("s1", replies=1)]
    async with window(device, route="/round") as screen:
        await screen.click("stop-s1")
        await screen.click("stop-handed")
        await screen.until(lambda: screen.has("round-just-handed"))
        await screen.click("round-take-back")
        await screen.until(lambda: device.rounds.handed_over == [])
        assert screen.has("stop-handed")
        assert not screen.has("round-just-handed")


async def test_only_the_doors_that_are_left_are_shown_when_asked(device: FakeDevice) -> None:
    device.rounds.stops = [
        stop("s1", mark="visited"), stop("s2", building="7"),
        stop("s3", building="9", mark="visited", replies=1),
    ]  # fmt: skip
    async with window(device, route="/round") as screen:
        await screen.click("round-left")
        assert [screen.has(f"stop-s{n}") for n in (1, 2, 3)] == [False, True, True]
        await screen.click("stop-s2")
        await screen.click("mark-visited")
        await screen.until(lambda: device.rounds.stops[1].done)
        assert screen.has("stop-s2"), "it does not vanish under the thumb"
        await screen.click("round-left")
        assert screen.has("stop-s1")


async def test_an_appeal_that_is_not_confirmed_and_a_slip_that_is_not_given_keep_it_red(
    device: FakeDevice,
) -> None:
    async with window(device, route="/collect") as screen:
        await screen.click("collect-lane-signal")
        await screen.type("collect-text", "Тече дах.")
        await screen.go("round")
        assert "1 звернення не підтверджене: воно лише на екрані" in screen.said("round-light")
        await screen.go("collect")
        await screen.click("collect-read")
        await screen.click("collect-save")
        await screen.go("round")
        await screen.until(lambda: screen.has("slip-due-0"))
        assert "1 талон не віддано мешканцеві" in screen.said("round-light")
        await screen.click("slip-0")
        await screen.click("collect-handed")
        await screen.go("round")
        await screen.until(lambda: screen.said("round-light") == ["Усе передано"])


async def test_a_full_disk_is_told_and_changes_nothing(device: FakeDevice) -> None:
    device.rounds.stops = [stop("s1")]
    async with window(device, route="/round") as screen:
        await screen.click("stop-s1")
        device.fail = StorageFull("disk")
        await screen.click("mark-nobody")
        await screen.until(lambda: screen.has("notice"))
        assert device.rounds.stops[0].mark == ""


async def test_home_leads_to_the_round_and_says_the_light(device: FakeDevice) -> None:
    device.rounds.missing = (Missing("carried", 1),)
    async with window(device) as screen:
        assert "Ще не все передано" in screen.said("home-round")
        await screen.click("home-round")
        await screen.until(lambda: screen.has("round-light"))


async def test_who_is_no_volunteer_and_carries_nothing_sees_nothing_of_it_at_home() -> None:
    device = FakeDevice()
    async with window(device) as screen:
        assert not screen.has("home-round")
        device.rounds.carried = dataclasses.replace(device.rounds.carried, requests=1)
        device.exchanged()
        await screen.until(lambda: screen.has("home-round"))


async def test_many_doors_come_page_by_page(device: FakeDevice) -> None:
    device.rounds.stops = [stop(f"s{n}", building=str(n)) for n in range(40)]
    async with window(device, route="/round") as screen:
        assert screen.has("stop-s29")
        assert not screen.has("stop-s30")
        await screen.click("round-more")
        assert screen.has("stop-s39")

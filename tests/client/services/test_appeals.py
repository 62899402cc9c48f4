"""Going on with an own appeal: what may still be done, and how far each piece of it has come."""

from __future__ import annotations

import pytest

from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import TooEarly, TooLate, UnknownRecord
from client.services.replica import Replica
from client.services.types import OwnPart
from shared_schema.errors import PayloadError
from shared_schema.records.appeal import Amended, Opened, Position
from shared_schema.sync.policy import Verdict
from shared_schema.sync.statement import Reason, Status
from tests.client.city import City, an_appeal
from tests.client.services.test_desk import deliver

REFUSED = Verdict(Status.REFUSED, Reason.NOT_ALLOWED)
HELD = Verdict(Status.HELD, Reason.NEWER)
NEW_WORDS = Amended("Немає ні води, ні світла", "Від учора.", "power", "вул. Садова, 7")


def exchange_judged(
    city: City, replica: Replica, monkeypatch: pytest.MonkeyPatch, verdict: Verdict
) -> None:
    """An exchange with a server that says the same of everything."""
    with monkeypatch.context() as patch:
        patch.setattr("sync_server.services.intake.judge", lambda *_: verdict)
        city.exchange(replica)


def states(replica: Replica, record: str) -> list[tuple[str, str]]:
    return [(part.kind, part.state) for part in Appeals(replica).get(record).parts]


def test_words_may_be_changed_until_the_desk_has_registered_them(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        appeals = Appeals(resident)
        filed = appeals.file(an_appeal(district="Центр"))
        assert filed.amendable
        deliver(city, resident, office)
        amended = appeals.amend(filed.record, NEW_WORDS)
        assert (amended.title, amended.category) == (NEW_WORDS.title, "power")
        assert (amended.address, amended.district) == ("вул. Садова, 7", "Центр")
        deliver(city, resident, office)
        assert Desk(office).get(filed.record).text == "Від учора."
        Desk(office).register(filed.record)
        assert appeals.amend(filed.record, NEW_WORDS).amendable  # nobody here has heard of it yet
        deliver(city, office, resident)
        assert not appeals.get(filed.record).amendable
        with pytest.raises(TooLate):
            appeals.amend(filed.record, NEW_WORDS)
        assert [part.kind for part in appeals.get(filed.record).parts][1:] == ["appeal.amended"] * 2


def test_words_that_came_after_the_registration_do_not_count(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        deliver(city, resident, office)
        Desk(office).register(filed.record)
        city.clock.now_ms += 1_000
        Appeals(resident).amend(filed.record, NEW_WORDS)
        deliver(city, office, resident, office)
        for view in (Desk(office).get(filed.record), Appeals(resident).get(filed.record)):
            assert (view.title, view.text) == (filed.title, filed.text)


def test_a_refused_appeal_cannot_be_amended_and_keeps_its_text(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident() as resident:
        filed = Appeals(resident).file(an_appeal())
        exchange_judged(city, resident, monkeypatch, REFUSED)
        view = Appeals(resident).get(filed.record)
        assert (view.state, view.reason) == ("refused", "not_allowed")
        assert (view.text, view.amendable, view.pending) == (filed.text, False, False)
        with pytest.raises(TooLate):
            Appeals(resident).amend(filed.record, NEW_WORDS)


def test_only_an_answer_can_be_rated(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        appeals, desk = Appeals(resident), Desk(office)
        filed = appeals.file(an_appeal())
        with pytest.raises(TooEarly):
            appeals.rate(filed.record, 5)
        deliver(city, resident, office)
        desk.register(filed.record)
        appeals.comment(filed.record, "Агов?")
        deliver(city, office, resident)
        with pytest.raises(TooEarly):
            appeals.rate(filed.record, 5)
        desk.reply(filed.record, "Бригада їде.")
        deliver(city, office, resident)
        rated = appeals.rate(filed.record, 2, "Не приїхала")
        assert (rated.stars, rated.rating_note) == (2, "Не приїхала")
        city.clock.now_ms += 1_000
        appeals.rate(filed.record, 5)
        deliver(city, resident, office)
        for view in (appeals.get(filed.record), desk.get(filed.record)):
            assert (view.stars, view.rating_note) == (5, "")


@pytest.mark.parametrize("status", ["answered", "returned", "closed"])
def test_an_end_without_a_word_can_be_rated_too(city: City, status: str) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        deliver(city, resident, office)
        Desk(office).register(filed.record)
        Desk(office).set_status(filed.record, status, "")  # type: ignore[arg-type]
        deliver(city, office, resident)
        assert Appeals(resident).rate(filed.record, 1).stars == 1


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_are_one_to_five(city: City, stars: int) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        deliver(city, resident, office)
        Desk(office).reply(filed.record, "Так.")
        deliver(city, office, resident)
        with pytest.raises(PayloadError):
            Appeals(resident).rate(filed.record, stars)
        assert Appeals(resident).get(filed.record).stars == 0


def test_somebody_elses_appeal_is_nobodys_to_go_on_with(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        deliver(city, resident, office)
        desk_as_author = Appeals(office)
        acts = (
            lambda: desk_as_author.amend(filed.record, NEW_WORDS),
            lambda: desk_as_author.rate(filed.record, 5),
            lambda: desk_as_author.comment(filed.record, "Я"),
            lambda: desk_as_author.withdraw(filed.record),
            lambda: desk_as_author.get(filed.record),
        )
        for act in acts:
            with pytest.raises(UnknownRecord):
                act()
        assert desk_as_author.list() == []


def test_each_piece_has_a_state_of_its_own(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        appeals = Appeals(resident)
        filed = appeals.file(an_appeal())
        assert filed.parts == (OwnPart("appeal.opened", city.clock.now_ms, "waiting"),)
        assert appeals.get(filed.record).parts == filed.parts
        city.clock.now_ms += 1_000
        city.exchange(resident)
        (opened,) = appeals.get(filed.record).parts
        assert (opened.state, opened.received_at_ms) == ("received", city.clock.now_ms)
        city.clock.now_ms += 1_000
        appeals.comment(filed.record, "Досі немає")
        appeals.amend(filed.record, NEW_WORDS)
        assert states(resident, filed.record) == [
            ("appeal.opened", "received"),
            ("appeal.commented", "waiting"),
            ("appeal.amended", "waiting"),
        ]
        view = appeals.get(filed.record)
        assert (view.state, view.pending) == ("received", True)
        assert [line.pending for line in view.said] == [True]
        city.exchange(resident)
        assert {state for _, state in states(resident, filed.record)} == {"received"}
        city.exchange(office)
        Desk(office).register(filed.record)
        deliver(city, office, resident)
        appeals.withdraw(filed.record)
        assert states(resident, filed.record)[-1] == ("appeal.withdrawn", "waiting")
        assert (
            len(states(resident, filed.record)) == 4
        )  # what the desk said is no part of one's own
        assert Desk(office).get(filed.record).parts == ()


def test_a_refused_piece_says_so_and_the_rest_stays(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident() as resident:
        appeals = Appeals(resident)
        filed = appeals.file(an_appeal())
        city.exchange(resident)
        appeals.comment(filed.record, "Не візьмуть")
        exchange_judged(city, resident, monkeypatch, REFUSED)
        opened, comment = appeals.get(filed.record).parts
        assert (opened.state, opened.reason) == ("received", "")
        assert (comment.state, comment.reason) == ("refused", "not_allowed")
        assert appeals.get(filed.record).said == ()
        assert [(each.kind, each.text) for each in appeals.refusals()] == [
            ("appeal.commented", "Не візьмуть")
        ]


def test_a_held_piece_says_why_and_waits_no_more(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city.resident() as resident:
        appeals = Appeals(resident)
        filed = appeals.file(an_appeal())
        exchange_judged(city, resident, monkeypatch, HELD)
        view = appeals.get(filed.record)
        assert (view.state, view.reason, view.pending) == ("held", "newer", False)
        assert [(part.state, part.reason) for part in view.parts] == [("held", "newer")]
        assert appeals.refusals() == ()


def test_an_appeal_keeps_position_and_place(city: City) -> None:
    opened = Opened(
        "signal", "", "Укриття зачинене", "Замок на дверях", "shelter",
        position=Position(4_663_000, 3_262_000, 1_000), place="ab" * 16,
    )  # fmt: skip
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(opened)
        deliver(city, resident, office)
        for view in (filed, Appeals(resident).get(filed.record), Desk(office).get(filed.record)):
            assert view.position == Position(4_663_000, 3_262_000, 1_000)
            assert view.place == "ab" * 16


def test_what_the_city_said_is_counted_for_the_marks(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        assert filed.city_words == 0
        Appeals(resident).comment(filed.record, "Моє слово не рахується")
        deliver(city, resident, office)
        Desk(office).register(filed.record)
        Desk(office).reply(filed.record, "Їдемо")
        deliver(city, office, resident)
        assert Appeals(resident).get(filed.record).city_words == 2

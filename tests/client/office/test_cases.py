"""The desk's whole queue in memory: it follows the log, agrees with it, and leaks nothing."""

from __future__ import annotations

import contextlib
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from client.services import thread_keys
from client.services.appeals import Appeals
from client.services.desk import Desk
from client.services.errors import UnknownRecord
from client.services.office import queue_log
from client.services.office.cases import Cases
from client.services.office.folding import Folding
from client.services.office.plain import PlainOpenings, is_plain
from client.services.office.search import folded
from client.services.replica import Replica
from client.storage.errors import StorageBusy
from shared_schema.errors import MistoError
from shared_schema.records.appeal import STATUSES, Amended
from shared_schema.records.kinds import KINDS
from shared_schema.records.trust import Revoked
from shared_schema.sync.change import NO_PREV, OPENING, OWN, SEALED, STREAM, decode
from shared_schema.sync.policy import ACCEPTED, Opening, Standing, judge
from tests.client.city import City, an_appeal, files_of, publish_trust
from tests.client.office.desks import another_desk

UNUSUAL = "Жаб’ячий корнішон ґречно щебетав"


def filed(city: City, count: int, text: str = "Немає води", name: str = "resident") -> list[str]:
    with city.resident(name) as resident:
        records = [Appeals(resident).file(an_appeal(f"{text} {n}")).record for n in range(count)]
        city.exchange(resident)
    return records


def looked_at(desk: Replica) -> dict[str, tuple[str, str, str]]:
    cases = Cases(desk)
    cases.refresh()
    return {case.record: (case.text, case.status, case.number) for case in cases.all()}


def test_every_appeal_of_the_queue_is_a_case(city: City) -> None:
    records = filed(city, 3)
    with city.profile("desk") as desk:
        city.exchange(desk)
        cases = Cases(desk)
        told: list[tuple[int, int]] = []
        cases.refresh(lambda done, all_: told.append((done, all_)))
        assert {case.record for case in cases.all()} == set(records)
        assert {case.receipt_number for case in cases.all()} == {f"ЗВ-00000{n}" for n in (1, 2, 3)}
        needle = folded("НЕМАЄ ВОДИ 1")
        assert [needle in entry.words for entry in cases.entries()].count(True) == 1


def test_following_the_log_gives_what_building_anew_gives(city: City) -> None:
    first = filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        cases, office = Cases(desk), Desk(desk)
        cases.refresh()
        office.register(first[0], classifier="12", marks=["repeat"], privileged=True)
        office.assign(first[0], "Оксана")
        office.note(first[0], "Подзвонити зранку")
        office.reply(first[1], "Дякуємо")
        later = filed(city, 1, name="neighbour")
        city.exchange(desk)
        cases.refresh()
        assert cases.changed == {bytes.fromhex(each) for each in (*first, *later)}
        case = cases.get(first[0])
        assert case is not None
        assert (case.number, case.assignee, case.classifier) == ("ЗВ-000001", "Оксана", "12")
        assert (case.marks, case.privileged, case.status) == (("repeat",), True, "registered")
        anew = Cases(desk)
        anew.refresh()
        assert {each.record: each for each in anew.all()} == {
            each.record: each for each in cases.all()
        }
        cases.refresh()
        assert cases.changed == set(), "nothing new costs nothing"


class Story:
    """What may happen between residents, two desks and the city, drawn at random."""

    def __init__(self, city: City, seed: int, here: Replica, there: Replica) -> None:
        self.city, self.draw = city, random.Random(seed)
        self.here, self.there = here, there
        self.records: list[str] = []

    def step(self) -> None:
        self.city.clock.now_ms += self.draw.randrange(-60_000, 3_600_000)
        if not self.records or self.draw.random() < 0.25:
            name = self.draw.choice(("one", "two"))
            self.records += filed(self.city, self.draw.randrange(1, 4), name=name)
        elif self.draw.random() < 0.2:
            self.by_a_resident(self.draw.choice(self.records))
        else:
            desk = self.draw.choice((self.here, self.here, self.there))
            with contextlib.suppress(UnknownRecord):  # it has not come there yet
                self.by_a_desk(Desk(desk), self.draw.choice(self.records))

    def by_a_resident(self, record: str) -> None:
        for name in ("one", "two"):
            with self.city.resident(name) as resident, contextlib.suppress(MistoError):
                appeals = Appeals(resident)
                act = self.draw.randrange(3)
                if act == 0:
                    appeals.amend(record, Amended("Немає світла", "Інше"))
                elif act == 1:
                    appeals.comment(record, "І досі немає")
                else:
                    appeals.withdraw(record)
                self.city.exchange(resident)

    def by_a_desk(self, desk: Desk, record: str) -> None:
        act = self.draw.randrange(7)
        if act == 0:
            desk.register(record, privileged=self.draw.random() < 0.5)
        elif act == 1:
            desk.set_status(record, self.draw.choice(STATUSES))
        elif act == 2:
            desk.assign(record, self.draw.choice(("", "Оксана", "Петро")))
        elif act == 3:
            desk.reply(record, "Дякуємо")
        elif act == 4:
            desk.extend(record)
        else:
            others = [each for each in self.records if each != record]
            desk.merge(record, self.draw.choice(["", *others]))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("page", [1, 3, 2_000])
def test_following_any_story_gives_what_building_anew_gives(
    city: City, seed: int, page: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_log, "_PAGE", page)
    with city.profile("desk") as here, another_desk(city) as there:
        city.exchange(here)
        story, followed = Story(city, seed, here, there), Cases(here)
        followed.refresh()
        for _ in range(12):
            before = {case.record: case for case in followed.all()}
            for _ in range(story.draw.randrange(4)):
                story.step()
            for replica in story.draw.choice(((here,), (there, here), (here, there), ())):
                city.exchange(replica)
            followed.refresh()
            anew = Cases(here)
            anew.refresh()
            assert {e.case.record: e for e in followed.entries()} == {
                e.case.record: e for e in anew.entries()
            }
            differing = {c.record for c in followed.all() if before.get(c.record) != c}
            assert differing <= {each.hex() for each in followed.changed}
        assert followed.built == 1
        assert len(followed) > 0


def test_a_receipt_that_comes_later_corrects_the_time_of_a_clock_ahead(city: City) -> None:
    (record,) = filed(city, 1)
    with city.profile("desk") as desk:
        city.exchange(desk)
        cases, now = Cases(desk), city.clock.now_ms
        cases.refresh()
        city.clock.now_ms += 86_400_000
        Desk(desk).register(record)
        cases.refresh()
        city.clock.now_ms = now
        before = cases.get(record)
        city.exchange(desk)
        cases.refresh()
        after = cases.get(record)
        assert before is not None
        assert after is not None
        assert (before.registered_at_ms, after.registered_at_ms) == (now + 86_400_000, now)


def test_a_log_that_cannot_be_read_for_a_moment_costs_nothing_but_time(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    (record,) = filed(city, 1)
    with city.profile("desk") as desk:
        city.exchange(desk)
        cases = Cases(desk)
        cases.refresh()
        Desk(desk).register(record)
        more = filed(city, 2, name="neighbour")
        city.exchange(desk)

        def busy(*_: object) -> None:
            raise StorageBusy

        monkeypatch.setattr(Folding, "case", busy)
        with pytest.raises(StorageBusy):
            cases.refresh()
        monkeypatch.undo()
        cases.refresh()
        assert cases.built == 2
        assert {case.record: case.number for case in cases.all()} == {
            record: "ЗВ-000001", **dict.fromkeys(more, "")
        }  # fmt: skip


def test_what_the_city_refused_is_no_case(city: City) -> None:
    first, second = filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        assert set(looked_at(desk)) == {first, second}
        with desk.store.writing() as connection:
            refuse = "UPDATE changes SET state = 2 WHERE substr(change_id, 1, 16) = ?"
            connection.execute(refuse, (bytes.fromhex(first),))
        assert set(looked_at(desk)) == {second}


def test_the_short_way_gives_what_the_long_one_gives(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    filed(city, 3)
    with city.profile("desk") as desk:
        city.exchange(desk)
        first = looked_at(desk)  # thread keys are in the cache from now on
        monkeypatch.setattr(Folding, "case", None)
        assert looked_at(desk) == first
        monkeypatch.undo()
        monkeypatch.setattr(PlainOpenings, "case", lambda *_: None)
        assert looked_at(desk) == first


def test_a_second_unlock_opens_nothing_by_hpke(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    records = filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        Desk(desk).register(records[0])
        first = looked_at(desk)

    def never(*_: object) -> bytes:
        raise AssertionError("HPKE")

    monkeypatch.setattr(thread_keys, "unwrap_thread_key", never)
    with city.profile("desk") as desk:
        assert looked_at(desk) == first


def test_a_damaged_cache_is_opened_anew(city: City) -> None:
    filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        first = looked_at(desk)
        with desk.store.writing() as connection:
            connection.execute("UPDATE thread_keys SET wrapped = zeroblob(60)")
        assert looked_at(desk) == first
        rows = desk.store.read("SELECT DISTINCT wrapped FROM thread_keys")
        assert len(rows) == 2, "and is whole again"


class _AnyFacts:
    """Facts in which nobody has a role, and nothing is known."""

    def scope_name(self, scope: bytes) -> str | None:
        return "queue/general"

    def role(self, device: bytes, scope: str, seq: int) -> str | None:
        return None

    def enrols(self, device: bytes) -> bool:
        return False

    def officer(self, device: bytes, scope: str) -> bool:
        return self.role(device, scope, 1) == "desk"

    def invitation(self, key: bytes, device: bytes) -> Standing:
        return "unknown"

    def opening(self, record: bytes) -> Opening | None:
        return None


@given(
    flags=st.integers(0, 255),
    kind=st.sampled_from([each.number for each in KINDS] + [0x0199]),
    version=st.integers(0, 2),
)
@example(flags=SEALED | OPENING | 2 << 2, kind=0x0101, version=1)
@settings(max_examples=500)
def test_what_takes_the_short_way_the_policy_accepts(flags: int, kind: int, version: int) -> None:
    own = OWN.pack(flags, 7 << 16, kind, version)
    raw = STREAM.pack(1, b"d" * 16, b"s" * 16, 1, NO_PREV) + own + bytes(200)
    if is_plain(flags, kind, version):
        assert judge(decode(raw), _AnyFacts()) == ACCEPTED
    elif (kind, version) == (0x0101, 1):
        assert judge(decode(raw), _AnyFacts()) != ACCEPTED, "the short way misses nothing either"


def test_a_desk_that_is_none_any_more_sees_nothing(city: City) -> None:
    filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        cases = Cases(desk)
        cases.refresh()
        assert len(cases) == 2
        scope = f"queue/{city.card.main_queue}"
        publish_trust(city, Revoked(desk.device.hex(), "desk", scope))
        city.exchange(desk)
        cases.refresh()
        assert len(cases) == 0


def test_a_resident_has_no_cases(city: City) -> None:
    filed(city, 1)
    with city.resident() as resident:
        assert looked_at(resident) == {}


def test_nothing_of_a_case_lies_on_the_desk_s_disk(city: City) -> None:
    filed(city, 1, UNUSUAL)
    with city.profile("desk") as desk:
        city.exchange(desk)
        assert UNUSUAL in next(iter(looked_at(desk).values()))[0]
        for charset in ("utf-8", "cp1251", "utf-16-le"):
            assert UNUSUAL[:12].encode(charset) not in files_of(desk.folder)


@pytest.mark.parametrize("spoilt", [b"", b"\x01" * 10, b"\xff" * 400], ids=["gone", "cut", "junk"])
def test_a_row_that_the_disk_has_spoilt_hides_no_other(city: City, spoilt: bytes) -> None:
    first, second = filed(city, 2)
    with city.profile("desk") as desk:
        city.exchange(desk)
        following = Cases(desk)
        following.refresh()
        Desk(desk).reply(second, "Дякуємо")
        with desk.store.writing() as connection:
            spoil = "UPDATE changes SET raw = ? WHERE substr(change_id, 1, 16) = ?"
            connection.execute(spoil, (spoilt, bytes.fromhex(first)))
            own = "UPDATE changes SET raw = ? WHERE record = ?"
            connection.execute(own, (spoilt, bytes.fromhex(second)))
        following.refresh()
        assert looked_at(desk).keys() == {second}
        assert {case.record for case in following.all()} == {first, second}
        Desk(desk).set_status(second, "in_progress")
        following.refresh()
        case = following.get(second)
        assert case is not None
        assert case.status == "in_progress"

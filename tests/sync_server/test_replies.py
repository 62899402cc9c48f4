"""What a reader gets: its own share, the urgent first, within its budget, provably complete."""

from __future__ import annotations

import os

import pytest

from shared_schema.errors import BadSignature
from shared_schema.ids import NEWS, TRUST, scope_id
from shared_schema.limits import BUNDLE_DEVICES_MAX, DOWN_BUDGET_BYTES_MAX
from shared_schema.records.kinds import BY_NAME
from shared_schema.sync import digest
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import NO_PREV, Change, Draft, Place, finish, header_of
from shared_schema.sync.compose import compose_request, ranges_of
from shared_schema.sync.cursor import Cursor
from shared_schema.sync.receive import DigestMismatch
from tests.sync_server.town import NOW_MS, QUEUE, Author, Town


def publish(town: Town, count: int) -> list[bytes]:
    changes = [town.newsroom.news(f"Новина {n}") for n in range(count)]
    town.exchange(town.newsroom, *changes)
    return [change.id for change in changes]


def test_a_fresh_device_finds_the_city_s_grants_in_the_trust_feed(town: Town) -> None:
    seen = town.exchange(town.resident, wants=(Want(TRUST),))
    assert [arrival.change.raw for arrival in seen.arrivals] == [raw for _, raw in town.card.trust]


def test_a_second_start_does_not_seed_the_trust_feed_twice(town: Town) -> None:
    town.service = town.open_service()
    seen = town.exchange(town.resident, wants=(Want(TRUST),))
    assert len(seen.arrivals) == len(town.card.trust)


def test_a_resident_gets_replies_to_its_own_appeals_only(town: Town) -> None:
    other = town.author()
    mine, theirs = town.resident.appeal(), other.appeal()
    town.exchange(town.resident, mine)
    town.exchange(other, theirs)
    to_me, to_them = town.desk.reply(mine.record), town.desk.reply(theirs.record)
    town.exchange(town.desk, to_me, to_them)
    seen = town.exchange(town.resident, wants=(Want("mail"),))
    assert [arrival.change.id for arrival in seen.arrivals] == [to_me.id]


def test_a_queue_is_closed_to_all_but_its_desk(town: Town) -> None:
    town.exchange(town.resident, town.resident.appeal())
    for stranger in (town.resident, town.newsroom, town.author()):
        seen = town.exchange(stranger, wants=(Want(QUEUE),))
        assert seen.arrivals == ()
        assert seen.heads == ()
    assert len(town.exchange(town.desk, wants=(Want(QUEUE),)).arrivals) == 1


def test_the_head_s_digest_is_that_of_everything_in_the_feed(town: Town) -> None:
    identities = publish(town, 7)
    seen = town.exchange(town.resident, wants=(Want(NEWS),))
    assert {arrival.change.id for arrival in seen.arrivals} == set(identities)
    assert seen.heads[0].version == 7
    assert seen.heads[0].digest == digest.finish(digest.add(digest.EMPTY, identities))


def test_an_up_to_date_reader_gets_an_omitted_digest_that_it_must_share(town: Town) -> None:
    publish(town, 2)
    with pytest.raises(DigestMismatch):  # this reader claims version 2 with an empty set
        town.exchange(town.resident, wants=(Want(NEWS, top=2),))
    explained = town.exchange(town.resident, wants=(Want(NEWS, top=2, explain=True),))
    assert explained.heads[0].version == 2
    assert explained.heads[0].digest


def test_the_newest_come_first_and_gaps_can_be_filled_later(town: Town) -> None:
    publish(town, 10)
    newest = town.exchange(town.resident, wants=(Want(NEWS, count_max=3),))
    assert [arrival.version for arrival in newest.arrivals] == [8, 9, 10]
    cursor = Cursor().advanced(10, ((8, 10),))
    gaps = [tuple(gap) for gap in cursor.gaps]
    rest = town.exchange(town.resident, wants=(Want(NEWS, top=10, gaps=gaps),))
    assert [arrival.version for arrival in rest.arrivals] == list(range(1, 8))


def test_the_evacuation_alert_is_in_the_first_kilobyte_however_old(town: Town) -> None:
    alert = town.newsroom.news("Евакуація з Приріччя о 14:00", urgency=3)
    town.exchange(town.newsroom, alert)
    publish(town, 40)
    asked = town.ask(town.resident, wants=(Want(TRUST, top=2), Want(NEWS)), budget=300)
    raw = town.service.handle(asked.raw)
    assert len(raw) <= 1024
    held = town.ask(town.resident, wants=(Want(NEWS),), budget=300)
    seen = town.answer(town.resident, held)
    assert [arrival.change.id for arrival in seen.arrivals] == [alert.id]


def test_a_budget_is_kept_but_something_always_moves(town: Town) -> None:
    publish(town, 30)
    seen = town.exchange(town.resident, wants=(Want(NEWS),), budget=1)
    assert len(seen.arrivals) == 1
    more = town.exchange(town.resident, wants=(Want(NEWS),), budget=2_000)
    size = sum(len(arrival.change.raw) for arrival in more.arrivals)
    assert len(more.arrivals) > 1
    assert size <= 2_000


def test_kept_sections_do_not_outlive_their_feed_s_state(town: Town) -> None:
    publish(town, 3)
    asked = (Want(NEWS),)
    assert len(town.exchange(town.resident, wants=asked).arrivals) == 3
    assert len(town.exchange(town.author(), wants=asked).arrivals) == 3
    publish(town, 1)
    assert len(town.exchange(town.resident, wants=asked).arrivals) == 4


def test_an_answer_to_one_request_is_no_answer_to_another(town: Town) -> None:
    first = town.ask(town.resident, town.resident.appeal())
    second = town.ask(town.resident, town.resident.appeal())
    with pytest.raises(BadSignature):
        town.read(town.resident, second, town.service.handle(first.raw))


def test_a_captured_request_replayed_moves_nothing(town: Town) -> None:
    asked = town.ask(town.resident, town.resident.appeal(), wants=(Want(NEWS),))
    town.service.handle(asked.raw)
    before = town.exchange(town.desk, wants=(Want(QUEUE),)).heads
    for _ in range(3):
        town.service.handle(asked.raw)
    assert town.exchange(town.desk, wants=(Want(QUEUE),)).heads == before


@pytest.mark.parametrize("gap", [(0, 0), (5, 2), (1, 2**53 - 1), (7, 9)])
def test_odd_gaps_are_answered_with_what_exists(town: Town, gap: tuple[int, int]) -> None:
    publish(town, 3)
    seen = town.exchange(town.resident, wants=(Want(NEWS, gaps=[gap], top=3),))
    assert {arrival.version for arrival in seen.arrivals} <= {1, 2, 3}


def sealed_by_anyone(town: Town, author: Author, size: int) -> Change:
    """An opening whose body is noise: nobody but the desk could tell, and it does not compress."""
    kind, (seq, prev) = BY_NAME["appeal.opened"], author.ends.get(QUEUE, (0, NO_PREV))
    place = Place(scope_id(town.city, QUEUE), seq + 1, prev, NOW_MS << 16)
    header = header_of(author.signer.device, place, Draft(kind.number, 1, None, True))
    change = finish(author.signer, header, os.urandom(size))
    author.ends[QUEUE] = (seq + 1, change.id)
    return change


def pull_all(town: Town, budget: int = 0) -> list[int]:
    """The versions a desk gets in as many exchanges as it takes; each reply must decode."""
    cursor, versions = Cursor(), []
    while not versions or not cursor.complete:
        gaps = [tuple(gap) for gap in cursor.gaps]
        want = Want(QUEUE, cursor.top, gaps, explain=True)
        seen = town.exchange(town.desk, wants=(want,), budget=budget)
        got = [arrival.version for arrival in seen.arrivals]
        assert got
        versions += got
        cursor = cursor.advanced(seen.heads[0].version, ranges_of(got))
    return versions


def test_a_queue_to_which_thousands_wrote_does_not_break_its_reader_s_limits(town: Town) -> None:
    count = BUNDLE_DEVICES_MAX + 100
    courier, entries = town.author(), []
    for _ in range(count):
        author = town.author()
        entries.append(author.entry(sealed_by_anyone(town, author, 150)))
    for start in range(0, count, 2_000):
        carried = entries[start : start + 2_000]
        town.answer(courier, compose_request(courier.signer, (), carried))
    assert sorted(pull_all(town)) == list(range(1, count + 1))


def test_ciphertext_that_does_not_compress_still_fits_a_bundle(town: Town) -> None:
    changes = [sealed_by_anyone(town, town.resident, 30_000) for _ in range(240)]
    for start in range(0, len(changes), 100):
        town.exchange(town.resident, *changes[start : start + 100])
    versions = pull_all(town, budget=DOWN_BUDGET_BYTES_MAX)
    assert sorted(versions) == list(range(1, 241))


def test_a_short_reply_does_not_read_a_long_history(town: Town) -> None:
    publish(town, 300)
    feed = scope_id(town.city, NEWS)
    with town.store.read() as reader:
        assert len(reader.candidates(feed, [(1, 300)], 10**9, 50)) == 50
        assert len(reader.candidates(feed, [(1, 300)], 1_000, 8_192)) < 12

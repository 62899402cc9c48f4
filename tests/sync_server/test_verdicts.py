"""Every change gets one verdict, and a bad one never takes its neighbours down."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared_schema.ids import NEWS, TRUST
from shared_schema.records import appeal, news
from shared_schema.records.kinds import BY_NAME, encode_payload
from shared_schema.sync import digest
from shared_schema.sync.bundle import Want
from shared_schema.sync.change import Change, Draft
from shared_schema.sync.compose import compose_request
from shared_schema.sync.receive import Answer
from shared_schema.sync.statement import Reason, Status
from sync_server.services.intake import Quota
from sync_server.storage.base import StoreFailed
from sync_server.storage.writing import SqlWriter
from tests.sync_server.town import NOW_MS, QUEUE, Author, Town


def verdicts(answer: Answer) -> list[tuple[Status, Reason]]:
    return [(Status(each.status), Reason(each.reason)) for each in answer.settled]


ACCEPTED = (Status.ACCEPTED, Reason.OK)


def test_versions_follow_commit_order_and_one_receipt_covers_a_run(town: Town) -> None:
    changes = [town.resident.appeal(f"Звернення {n}") for n in range(5)]
    answer = town.exchange(town.resident, *changes)
    assert [each.version for each in answer.settled] == [1, 2, 3, 4, 5]
    assert [each.id for each in answer.settled] == [change.id for change in changes]
    assert {each.received for each in answer.settled} == {NOW_MS}


def test_a_lost_reply_and_a_retry_make_one_change_with_one_verdict(town: Town) -> None:
    asked = town.ask(town.resident, *[town.resident.appeal() for _ in range(3)])
    town.service.handle(asked.raw)  # the reply is lost
    town.now_ms += 86_400_000
    again = town.answer(town.resident, asked)
    assert [(each.version, each.received) for each in again.settled] == [
        (1, NOW_MS), (2, NOW_MS), (3, NOW_MS),
    ]  # fmt: skip


def test_a_retry_after_a_restart_gets_the_same_receipt(town: Town) -> None:
    asked = town.ask(town.resident, town.resident.appeal())
    first = town.answer(town.resident, asked)
    town.service = town.open_service()
    assert town.answer(town.resident, asked).settled == first.settled


def test_a_retry_that_overlaps_new_changes_numbers_only_the_new_ones(town: Town) -> None:
    changes = [town.resident.appeal() for _ in range(4)]
    town.exchange(town.resident, *changes[:2])
    answer = town.exchange(town.resident, *changes)
    assert [each.version for each in answer.settled] == [1, 2, 3, 4]


def test_two_devices_in_one_scope_get_interleaved_versions_without_gaps(town: Town) -> None:
    other = town.author()
    seen = []
    for _ in range(3):
        for author in (town.resident, other):
            seen += [each.version for each in town.exchange(author, author.appeal()).settled]
    assert seen == [1, 2, 3, 4, 5, 6]


def test_a_missing_middle_does_not_stop_what_comes_after_it(town: Town) -> None:
    first, lost, third = (town.resident.appeal() for _ in range(3))
    assert verdicts(town.exchange(town.resident, first, third)) == [ACCEPTED, ACCEPTED]
    assert verdicts(town.exchange(town.resident, lost)) == [ACCEPTED]


def test_a_cloned_device_loses_nothing_and_is_flagged_as_forked(town: Town) -> None:
    original = town.resident.appeal("Перше")
    town.resident.ends.clear()  # a restored backup starts again from nothing
    clone = town.resident.appeal("Друге")
    assert verdicts(town.exchange(town.resident, original)) == [ACCEPTED]
    assert verdicts(town.exchange(town.resident, clone)) == [(Status.ACCEPTED, Reason.FORK)]
    again = town.exchange(town.resident, clone)
    assert verdicts(again) == [(Status.ACCEPTED, Reason.FORK)]
    assert [each.version for each in again.settled] == [2]
    with town.store.read() as reader:
        assert town.resident.signer.device in reader.forked_devices()


def said(author: Author, record: bytes, text: str) -> Change:
    """A comment of the record's author, at the end of the stream."""
    payload = appeal.Commented(text)
    return author.write("appeal.commented", encode_payload(payload, sealed=True), record)


@pytest.mark.parametrize("at_once", [True, False])
def test_two_things_in_a_thread_of_one_s_own_are_both_taken_and_no_flag(
    town: Town, *, at_once: bool
) -> None:
    """Two devices hold one claim slip, and neither has heard of the other."""
    opened = town.resident.appeal()
    town.exchange(town.resident, opened)
    ends = dict(town.resident.ends)
    one = said(town.resident, opened.record, "Перше")
    town.resident.ends = ends
    two = said(town.resident, opened.record, "Друге")
    if at_once:
        found = verdicts(town.exchange(town.resident, one, two))
    else:
        found = [verdicts(town.exchange(town.resident, each))[0] for each in (two, one)]
    assert found == [ACCEPTED, (Status.ACCEPTED, Reason.FORK)]
    with town.store.read() as reader:
        assert reader.forked_devices() == frozenset()


@pytest.mark.parametrize("what", ["another thread", "an opening", "the desk"])
def test_a_number_used_twice_elsewhere_flags_the_device(town: Town, what: str) -> None:
    first, second = town.resident.appeal(), town.resident.appeal()
    town.exchange(town.resident, first, second)
    author = town.desk if what == "the desk" else town.resident
    ends = dict(author.ends)
    if what == "the desk":
        one = author.reply(first.record, "Так")
    else:
        one = said(author, first.record, "Перше")
    author.ends = ends
    two = {
        "another thread": lambda: said(author, second.record, "Друге"),
        "an opening": lambda: author.appeal("Третє"),
        "the desk": lambda: author.reply(first.record, "Ні"),
    }[what]()
    for change in (one, two):
        ((status, _),) = verdicts(town.exchange(author, change))
        assert status is Status.ACCEPTED
    with town.store.read() as reader:
        assert reader.forked_devices() == {author.signer.device}


def test_an_unsealed_appeal_is_refused_and_its_neighbours_land(town: Town) -> None:
    kind = BY_NAME["appeal.opened"]
    before = town.resident.appeal()
    bare = town.resident.write_raw(kind, Draft(kind.number, 1, None, False), b"\0[]", QUEUE)
    after = town.resident.appeal()
    assert verdicts(town.exchange(town.resident, before, bare, after)) == [
        ACCEPTED, (Status.REFUSED, Reason.MUST_BE_SEALED), ACCEPTED,
    ]  # fmt: skip


def test_a_refused_change_is_refused_again_and_takes_no_version(town: Town) -> None:
    forged = town.resident.news()
    for _ in range(2):
        answer = town.exchange(town.resident, forged)
        assert verdicts(answer) == [(Status.REFUSED, Reason.NOT_ALLOWED)]
        assert answer.settled[0].version == 0


def test_news_by_the_newsroom_and_replies_by_the_desk_are_accepted(town: Town) -> None:
    opened = town.resident.appeal()
    town.exchange(town.resident, opened)
    assert verdicts(town.exchange(town.newsroom, town.newsroom.news())) == [ACCEPTED]
    assert verdicts(town.exchange(town.desk, town.desk.reply(opened.record))) == [ACCEPTED]


def test_a_stranger_cannot_reply_amend_or_withdraw_for_others(town: Town) -> None:
    opened = town.resident.appeal()
    town.exchange(town.resident, opened)
    stranger = town.author()
    fake_reply = stranger.reply(opened.record)
    fake_withdrawal = stranger.write("appeal.withdrawn", b"\0[]", opened.record)
    assert verdicts(town.exchange(stranger, fake_reply, fake_withdrawal)) == [
        (Status.REFUSED, Reason.NOT_ALLOWED), (Status.REFUSED, Reason.NOT_OPENER),
    ]  # fmt: skip


def test_only_an_enrolment_key_can_grant_and_a_grant_counts_at_once(town: Town) -> None:
    chosen = town.author()
    refused = town.exchange(town.desk, town.desk.grant(chosen, "newsroom", NEWS))
    assert verdicts(refused) == [(Status.REFUSED, Reason.NOT_ALLOWED)]
    town.exchange(town.enrolment, town.enrolment.grant(chosen, "newsroom", NEWS))
    assert verdicts(town.exchange(chosen, chosen.news())) == [ACCEPTED]


def test_a_revoked_newsroom_cannot_publish_any_more(town: Town) -> None:
    town.exchange(town.newsroom, town.newsroom.news())
    revocation = town.enrolment.revoke(town.newsroom, "newsroom", NEWS, 1)
    town.exchange(town.enrolment, revocation)
    assert verdicts(town.exchange(town.newsroom, town.newsroom.news())) == [
        (Status.REFUSED, Reason.NOT_ALLOWED)
    ]


def test_a_revoked_newsroom_cannot_sign_its_past_anew(town: Town) -> None:
    honest = town.newsroom.news()
    town.exchange(town.newsroom, honest)
    town.exchange(
        town.enrolment, town.enrolment.revoke(town.newsroom, "newsroom", NEWS, honest.seq)
    )
    town.newsroom.ends.clear()  # a stolen device signs another change with a seq that still counts
    forged = town.newsroom.news("Евакуацію скасовано")
    assert verdicts(town.exchange(town.newsroom, forged)) == [(Status.REFUSED, Reason.NOT_ALLOWED)]
    assert verdicts(town.exchange(town.newsroom, honest)) == [ACCEPTED]


def test_a_newer_kind_is_held_with_a_version_and_forwarded(town: Town) -> None:
    kind = BY_NAME["appeal.opened"]
    newer = town.resident.write_raw(kind, Draft(0x01FF, 7, None, True), b"", QUEUE)
    answer = town.exchange(town.resident, newer)
    assert verdicts(answer) == [(Status.HELD, Reason.NEWER)]
    seen = town.exchange(town.desk, wants=(Want(QUEUE),))
    assert [arrival.change.raw for arrival in seen.arrivals] == [newer.raw]


def test_a_reply_before_its_appeal_is_held_and_reaches_the_author_afterwards(town: Town) -> None:
    opened = town.resident.appeal()
    reply = town.desk.reply(opened.record)
    held = town.exchange(town.desk, reply)
    assert verdicts(held) == [(Status.HELD, Reason.MISSING_PARENT)]
    town.exchange(town.resident, opened)
    seen = town.exchange(town.resident, wants=(Want("mail"),))
    assert [arrival.change.id for arrival in seen.arrivals] == [reply.id]


def test_a_held_change_beside_its_opening_is_mailed_once_not_twice(town: Town) -> None:
    opened, courier = town.resident.appeal(), town.author()
    kind = BY_NAME["desk.replied"]
    newer = town.desk.write_raw(kind, Draft(0x02FF, 7, opened.record, True), b"", QUEUE)
    carried = [town.resident.entry(opened), town.desk.entry(newer)]
    town.answer(courier, compose_request(courier.signer, (), carried))
    seen = town.exchange(town.resident, wants=(Want("mail"),))
    assert [arrival.change.id for arrival in seen.arrivals] == [newer.id]
    assert seen.heads[0].digest == digest.finish(digest.add(digest.EMPTY, [newer.id]))


def test_corrections_of_news_by_another_newsroom_come_with_the_news_and_not_by_mail(
    town: Town,
) -> None:
    other = town.author()
    town.exchange(town.enrolment, town.enrolment.grant(other, "newsroom", NEWS))
    first, second = town.newsroom.news(), town.newsroom.news("Вода буде о 20:00")
    body = encode_payload(news.Corrected("Вода буде о 19:00", "На площі."), sealed=False)
    early, late = (
        other.write("news.corrected", body, each.record, scope=NEWS) for each in (first, second)
    )
    assert verdicts(town.exchange(other, early)) == [(Status.HELD, Reason.MISSING_PARENT)]
    town.exchange(town.newsroom, first, second)
    town.exchange(other, late)
    seen = town.exchange(town.newsroom, wants=(Want("mail"), Want(NEWS)))
    assert {arrival.feed for arrival in seen.arrivals} == {NEWS}
    assert (seen.heads[0].version, seen.heads[0].digest) == (0, digest.finish(digest.EMPTY))


def test_another_city_s_changes_are_refused(town: Town, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = Town(tmp_path / "other")
    stray = other.resident.appeal()
    assert verdicts(town.exchange(other.resident, stray)) == [
        (Status.REFUSED, Reason.UNKNOWN_SCOPE)
    ]
    other.store.close()


def test_public_payloads_must_be_readable(town: Town) -> None:
    broken = town.newsroom.write("news.published", b"\0not json", scope=NEWS)
    assert verdicts(town.exchange(town.newsroom, broken)) == [(Status.REFUSED, Reason.BAD_PAYLOAD)]


@pytest.mark.parametrize("quota", [Quota(2, 10**9), Quota(10**9, 1000)])
def test_a_flood_is_deferred_until_tomorrow_and_nothing_of_it_is_lost(
    tmp_path: Path, quota: Quota
) -> None:
    town = Town(tmp_path, quota=quota)
    changes = [town.resident.appeal() for _ in range(3)]
    assert verdicts(town.exchange(town.resident, *changes)) == [
        ACCEPTED, ACCEPTED, (Status.DEFERRED, Reason.QUOTA),
    ]  # fmt: skip
    assert verdicts(town.exchange(town.desk, wants=(Want(TRUST),))) == []
    town.now_ms += 86_400_000
    assert verdicts(town.exchange(town.resident, changes[2])) == [ACCEPTED]
    town.store.close()


def test_a_courier_s_own_quota_bounds_what_it_carries_for_others(tmp_path: Path) -> None:
    town = Town(tmp_path, quota=Quota(3, 10**9))
    courier, authors = town.author(), [town.author() for _ in range(4)]
    carried = [author.entry(author.appeal()) for author in authors]
    answer = town.answer(courier, compose_request(courier.signer, (), carried))
    assert sorted(verdicts(answer)) == [ACCEPTED] * 3 + [(Status.DEFERRED, Reason.QUOTA)]
    other = town.author()
    answer = town.answer(other, compose_request(other.signer, (), carried))
    assert verdicts(answer) == [ACCEPTED] * 4
    town.store.close()


def test_two_hundred_grants_in_one_bundle_count_for_the_next_change_in_it(town: Town) -> None:
    chosen = [town.author() for _ in range(200)]
    grants = [town.enrolment.grant(each, "newsroom", NEWS) for each in chosen]
    item = chosen[-1].news()
    entries = [*map(town.enrolment.entry, grants), chosen[-1].entry(item)]
    answer = town.answer(town.desk, compose_request(town.desk.signer, (), entries))
    assert verdicts(answer) == [ACCEPTED] * 201


def test_a_grant_whose_commit_failed_grants_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = town.author()
    asked = town.ask(town.enrolment, town.enrolment.grant(chosen, "newsroom", NEWS))

    def fail(*_: object) -> None:
        raise StoreFailed("pulled the plug")

    with monkeypatch.context() as patch:
        patch.setattr(SqlWriter, "add_entries", fail)
        with pytest.raises(StoreFailed):
            town.service.handle(asked.raw)
    item = chosen.news()
    assert verdicts(town.exchange(chosen, item)) == [(Status.REFUSED, Reason.NOT_ALLOWED)]
    town.service.handle(asked.raw)
    assert verdicts(town.exchange(chosen, item)) == [ACCEPTED]


def test_received_times_never_run_backwards_with_the_server_s_clock(town: Town) -> None:
    first = town.exchange(town.resident, town.resident.appeal()).settled[0].received
    town.now_ms -= 10 * 365 * 86_400_000
    assert town.exchange(town.resident, town.resident.appeal()).settled[0].received == first

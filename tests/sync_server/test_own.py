"""What a device itself has said, for one who holds its secrets and not its log."""

from __future__ import annotations

from shared_schema.ids import OWN
from shared_schema.limits import BUNDLE_BYTES_MAX, OWN_CHANGES_MAX, OWN_FEED_BYTES_MAX
from shared_schema.records.appeal import Commented, Opened
from shared_schema.records.kinds import encode_payload
from shared_schema.sync.bundle import Want
from tests.sync_server.town import NOW_MS, Town


def test_a_device_gets_back_what_it_said_and_nobody_else_does(town: Town) -> None:
    mine = town.resident.appeal()
    more = town.resident.write(
        "appeal.commented", encode_payload(Commented("Ще й світло."), sealed=True), mine.record
    )
    town.exchange(town.resident, mine, more)
    seen = town.exchange(town.resident, wants=(Want(OWN), Want("mail")))
    assert [arrival.change.raw for arrival in seen.arrivals] == [mine.raw, more.raw]
    assert {arrival.feed for arrival in seen.arrivals} == {OWN}
    assert all(arrival.received >= NOW_MS for arrival in seen.arrivals)
    assert [head.feed for head in seen.heads] == ["mail"]
    for other in (town.desk, town.author()):
        assert town.exchange(other, wants=(Want(OWN),)).arrivals == ()


def test_who_does_not_ask_gets_none_of_it(town: Town) -> None:
    town.exchange(town.resident, town.resident.appeal())
    assert town.exchange(town.resident, wants=(Want("mail"),)).arrivals == ()


def test_a_device_that_has_said_very_much_gets_its_beginning(town: Town) -> None:
    """The opening comes first: without it nothing of a thread can be read."""
    opened = Opened("signal", "", "Немає води", "".join(chr(0x4E00 + n) for n in range(8_000)))
    body = encode_payload(opened, sealed=True)
    changes = [town.resident.write("appeal.opened", body) for _ in range(40)]
    town.exchange(town.resident, *changes)
    seen = town.exchange(town.resident, wants=(Want(OWN),))
    got = [arrival.change.id for arrival in seen.arrivals]
    assert 0 < len(got) < len(changes)
    assert got == [change.id for change in changes[: len(got)]]
    assert sum(len(change.raw) for change in changes[: len(got)]) <= OWN_FEED_BYTES_MAX


def test_many_small_changes_are_bounded_by_their_number(town: Town) -> None:
    changes = [town.resident.appeal() for _ in range(OWN_CHANGES_MAX + 5)]
    town.exchange(town.resident, *changes)
    seen = town.exchange(town.resident, wants=(Want(OWN),))
    assert len(seen.arrivals) == OWN_CHANGES_MAX
    assert OWN_FEED_BYTES_MAX < BUNDLE_BYTES_MAX

"""Couriers: a file that anybody may carry and post, nobody can read, and no receipt depends on."""

from __future__ import annotations

import contextlib

from client.services.appeals import Appeals
from client.services.handover import Handover
from client.services.notes import Notes
from client.services.replica import Replica
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.sync.compose import compose_request
from sync_server.services.carrying import carry
from tests.client.city import City, an_appeal, files_of

UNUSUAL = "Жаб’ячий корнішон ґречно щебетав"


def handover_of(replica: Replica) -> Handover:
    return Handover(replica, Notes(replica))


def give(handover: Handover) -> tuple[bytes, int]:
    """Make a file and give it to a courier."""
    made = handover.bundle()
    handover.given()
    return made


def post(city: City, bundle: bytes) -> None:
    """Some courier brings the file to the city."""
    carry(city.service, city.card.city, bundle)


def standing(replica: Replica, record: str) -> list[str]:
    return [part.state for part in Appeals(replica).get(record).parts]


def test_a_stranger_posts_the_file_and_the_receipts_come_with_the_next_exchange(
    city: City,
) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        Appeals(resident).comment(filed.record, "Досі немає")
        city.clock.now_ms += 1_000
        handed_at = city.clock.now_ms
        bundle, count = give(handover_of(resident))
        assert count == 2
        assert standing(resident, filed.record) == ["carried", "carried"]
        part = Appeals(resident).get(filed.record).parts[0]
        assert (part.carried_at_ms, part.received_at_ms) == (handed_at, None)
        assert Appeals(resident).get(filed.record).pending

        post(city, bundle)  # somebody else's phone, in another town

        assert standing(resident, filed.record) == ["carried", "carried"]
        city.exchange(office)
        assert len(Appeals(resident).list()) == 1
        result = city.exchange(resident)
        assert (result.accepted, result.complete) == (2, True)
        assert standing(resident, filed.record) == ["received", "received"]
        assert Appeals(resident).get(filed.record).receipt_number == "ЗВ-000001"
        assert city.exchange(office).pulled == 0  # what came with the courier came once


def test_the_same_file_may_be_posted_by_ten_couriers(city: City) -> None:
    with city.resident() as resident, city.profile("desk") as office:
        filed = Appeals(resident).file(an_appeal())
        bundle, _ = give(handover_of(resident))
        for _ in range(10):
            post(city, bundle)
        city.exchange(resident)
        post(city, bundle)
        assert city.exchange(office).pulled == 1
        assert standing(resident, filed.record) == ["received"]


def test_nothing_in_the_file_can_be_read(city: City) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal(UNUSUAL, name="Пантелеймон", address="вул. Дзиґ, 7"))
        bundle, _ = give(handover_of(resident))
        for word in (UNUSUAL[:12], "Пантелеймон", "вул. Дзиґ"):
            for charset in ("utf-8", "cp1251", "utf-16-le"):
                assert word.encode(charset) not in bundle


def test_what_was_handed_over_is_remembered_sealed(city: City) -> None:
    with city.resident() as resident:
        filed = Appeals(resident).file(an_appeal())
        give(handover_of(resident))
        (change,) = resident.handed
        assert change.hex().encode() not in files_of(resident.folder)
    with city.resident() as resident:
        assert standing(resident, filed.record) == ["waiting"]
        handover_of(resident)
        assert standing(resident, filed.record) == ["carried"]


def test_only_what_was_handed_over_is_carried(city: City) -> None:
    with city.resident() as resident:
        filed = Appeals(resident).file(an_appeal())
        handover = handover_of(resident)
        give(handover)
        Appeals(resident).comment(filed.record, "Пізніше")
        assert standing(resident, filed.record) == ["carried", "waiting"]
        _, count = give(handover)
        assert count == 2  # the first courier may never arrive
        assert standing(resident, filed.record) == ["carried", "carried"]


def test_a_courier_who_never_arrives_loses_nothing(city: City) -> None:
    with city.resident() as resident:
        filed = Appeals(resident).file(an_appeal())
        give(handover_of(resident))
        assert city.exchange(resident).accepted == 1
        assert standing(resident, filed.record) == ["received"]


def test_a_second_handover_has_only_what_still_waits(city: City) -> None:
    with city.resident() as resident:
        Appeals(resident).file(an_appeal())
        handover = handover_of(resident)
        assert give(handover)[1] == 1
        city.exchange(resident)
        assert give(handover)[1] == 0
        Appeals(resident).file(an_appeal("Друге"))
        assert give(handover)[1] == 1


def test_the_file_is_the_authors_and_a_courier_can_change_nothing_in_it(city: City) -> None:
    courier, _ = Signer.generate()
    with city.resident() as resident, city.profile("desk") as office:
        Appeals(resident).file(an_appeal())
        bundle, _ = give(handover_of(resident))
        assert courier.public_key not in bundle
        for at in range(8, len(bundle), 97):
            broken = bundle[:at] + bytes([bundle[at] ^ 1]) + bundle[at + 1 :]
            try_to_post(city, broken)
        city.service.handle(compose_request(courier, [], []).raw)
        assert city.exchange(office).pulled == 0


def try_to_post(city: City, raw: bytes) -> None:
    """A server that takes nothing may say so in any way."""
    with contextlib.suppress(MistoError):
        post(city, raw)


def test_a_file_that_was_not_given_away_is_with_no_courier(city: City) -> None:
    with city.resident() as resident:
        filed = Appeals(resident).file(an_appeal())
        assert handover_of(resident).bundle()[1] == 1
        assert standing(resident, filed.record) == ["waiting"]
        assert resident.handed == {}

"""Hostile couriers: they drop, reorder, repeat, cut, re-sign, mix and replay, and flood."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.services.appeals import Appeals
from client.services.courier.courier import Courier
from client.services.courier.delivering import fetch_heads
from client.services.courier.types import Refused, Taken
from client.services.desk import Desk
from client.services.news import News, Newsroom
from client.services.replica import Replica
from client.storage import feeds, outbox
from shared_schema.crypto.signing import Signer
from shared_schema.errors import MistoError
from shared_schema.ids import MAIL, NEWS, queue_scope, scope_id
from shared_schema.limits import CARRIED_SENDER_REQUESTS_MAX
from shared_schema.records.kinds import BY_NAME
from shared_schema.records.news import Corrected, Published
from shared_schema.records.trust import Revoked
from shared_schema.sync.bundle import Section, Want, decode_reply, encode_reply, encode_section
from shared_schema.sync.carried import OtherCity
from shared_schema.sync.change import NO_PREV, Draft, Place, decode, finish, header_of
from shared_schema.sync.compose import compose_request
from shared_schema.sync.courier import (
    PUBLIC_ITEM,
    REPLY_ITEM,
    REQUEST_ITEM,
    Item,
    decode_courier,
    encode_courier,
    reply_item,
    request_item,
)
from shared_schema.sync.policy import judge
from shared_schema.sync.public import public_item
from shared_schema.sync.run import Entry, gather
from shared_schema.sync.statement import Status
from tests.client.city import City, an_appeal, files_of, publish_trust


@pytest.fixture
def devices(city: City) -> Iterator[tuple[Replica, Replica]]:
    """A resident and a courier."""
    with city.resident() as resident, city.resident("courier") as courier:
        yield resident, courier


def items_of(replica: Replica, *, public: bool = True) -> list[Item]:
    """All that a device would hand on."""
    bundles = Courier(replica).give(public=public)
    return [item for raw in bundles for item in decode_courier(raw).items]


def take(replica: Replica, city: City, *items: Item) -> Taken:
    return Courier(replica).take(encode_courier(city.card.city, items), "file")


def delivered(city: City, resident: Replica, courier: Replica, text: str = "Немає води") -> str:
    """An appeal that a courier has brought to the city, with its answer waiting at the courier."""
    record = Appeals(resident).file(an_appeal(text)).record
    take(courier, city, *items_of(resident))
    Courier(courier).deliver(city.doors())
    return record


def junk(city: City, signer: Signer, urgency: int = 0, size: int = 200, seq: int = 1) -> bytes:
    """A request with one well-formed change of a made-up device."""
    scope = scope_id(city.card.city, queue_scope(city.card.main_queue))
    place = Place(scope, seq, NO_PREV if seq == 1 else bytes(31) + b"\1", 1)
    draft = Draft(0x0100, 1, None, True, urgency)
    header = header_of(signer.device, place, draft)
    change = finish(signer, header, random.Random(seq).randbytes(size))
    entry = Entry(0, 0, signer.public_key, signer.device, scope, seq, change.id, change.raw)
    return compose_request(signer, [Want(MAIL, explain=True)], [entry]).raw


def test_order_and_repetition_change_nothing(city: City, devices: tuple[Replica, Replica]) -> None:
    resident, courier = devices
    record = delivered(city, resident, courier)
    items = [item for item in items_of(courier) for _ in range(3)]
    random.Random(7).shuffle(items)
    taken = take(resident, city, *items)
    assert (taken.settled, taken.own_replies, taken.refused) == (1, 1, ())
    assert Appeals(resident).get(record).state == "received"
    with city.resident("third") as third:
        taken = take(third, city, *items)
        assert (taken.requests, taken.replies) == (1, 1)
        again = take(third, city, *items)
        assert (again.requests, again.replies, again.arrived) == (0, 0, 0)


def test_a_bundle_cut_anywhere_does_no_harm_and_the_rest_comes_later(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    record = delivered(city, resident, courier)
    (raw,) = Courier(courier).give()
    assert raw[17] == 1  # packed: that it was cut shows wherever it was
    for end in range(18, len(raw), max(len(raw) // 25, 1)):
        assert Courier(resident).take(raw[:end], "file").flaw == "cut"
    assert Courier(resident).take(raw, "file").flaw == ""
    assert Appeals(resident).get(record).state == "received"


def test_a_request_that_was_touched_is_refused_and_its_neighbours_land(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    Appeals(resident).file(an_appeal())
    (mine,) = items_of(resident, public=False)
    other, _ = Signer.generate()
    body = bytearray(mine.body)
    body[-100] ^= 1
    resigned = bytes(body[:1]) + other.public_key + bytes(body[33:])
    good = request_item(junk(city, other))
    taken = take(
        courier, city, request_item(bytes(body)), request_item(resigned), request_item(b""),
        request_item(bytes(90)), mine, good,
    )  # fmt: skip
    assert taken.requests == 2
    assert {(each.reason, each.count) for each in taken.refused} == {
        ("bad_signature", 2), ("malformed", 2),
    }  # fmt: skip


def test_a_request_that_somebody_signed_anew_brings_no_receipt_to_its_author(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    """The thief's own request may carry the appeal; the city takes it once, and as its author's."""
    resident, courier = devices
    record = Appeals(resident).file(an_appeal()).record
    thief, _ = Signer.generate()
    (offer,) = _entries(resident)
    stolen = compose_request(thief, [Want(MAIL, explain=True)], [offer]).raw
    take(courier, city, request_item(stolen))
    Courier(courier).deliver(city.doors())
    taken = take(resident, city, *items_of(courier, public=False))
    assert (taken.own_replies, taken.settled) == (0, 0)
    assert city.exchange(resident).accepted == 1
    with city.profile("desk") as office:
        assert city.exchange(office).pulled == 1
    assert Appeals(resident).get(record).state == "received"


def test_what_belongs_to_another_city_is_refused(
    city: City, devices: tuple[Replica, Replica], tmp_path: Path
) -> None:
    _, courier = devices
    (tmp_path / "other").mkdir()
    elsewhere = City(tmp_path / "other")
    with elsewhere.resident() as stranger, elsewhere.profile("newsroom") as room:
        Appeals(stranger).file(an_appeal())
        Newsroom(room).publish(Published("Чуже", "місто"))
        elsewhere.exchange(room)
        (raw,) = Courier(stranger).give()
        with pytest.raises(OtherCity):
            Courier(courier).take(raw, "file")
        before = _log(courier)
        items = [*items_of(stranger), *items_of(room)]
        taken = take(courier, city, *items)  # the same items under our city's name
        reasons = {each.reason for each in taken.refused}
        assert (taken.requests, taken.arrived) == (0, 0)
        assert reasons == {"other_city", "not_allowed"}
        assert _log(courier) == before


def test_last_months_bundle_rolls_nothing_back(city: City) -> None:
    with city.profile("newsroom") as room, city.resident() as resident:
        item = Newsroom(room).publish(Published("Вода", "Є."))
        city.exchange(room)
        with city.resident("old") as courier:
            Appeals(courier).file(an_appeal())
            city.exchange(courier)
            Courier(courier).deliver(city.doors())
            _anonymous(city, courier)
            old = Courier(courier).give()
        Newsroom(room).correct(item.record, Corrected("Вода", "Немає."))
        city.exchange(room)
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", 2))
        city.exchange(resident)
        cut = dict(resident.grants.cuts)
        with resident.store.holding() as connection:
            before = feeds.load(connection)
        for raw in old:
            taken = Courier(resident).take(raw, "file")
            assert taken.arrived == 0
        assert News(resident).get(item.record).text == "Немає."
        assert resident.grants.cuts == cut
        with resident.store.holding() as connection:
            assert feeds.load(connection) == before
        assert city.exchange(resident).complete


def test_an_old_reply_undoes_no_later_verdict(city: City, devices: tuple[Replica, Replica]) -> None:
    resident, courier = devices
    record = Appeals(resident).file(an_appeal()).record
    take(courier, city, *items_of(resident, public=False))
    Courier(courier).deliver(city.doors())
    old = items_of(courier, public=False)
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).reply(record, "Перша.")
        city.exchange(office)
    city.exchange(resident)
    seen = Appeals(resident).get(record)
    proofs = resident.store.rows("SELECT count(*) FROM proofs")
    for _ in range(5):
        taken = take(resident, city, *old)
        assert (taken.settled, taken.own_replies) == (0, 0)
    assert Appeals(resident).get(record) == seen
    assert resident.store.rows("SELECT count(*) FROM proofs") == proofs
    assert city.exchange(resident).round_trips == 1


def test_an_old_receipt_does_not_hide_that_the_city_has_lost_a_change(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    """A server from a backup gets it again, whatever a courier still brings from before."""
    resident, courier = devices
    delivered(city, resident, courier)
    old = items_of(courier, public=False)
    city.clock.now_ms += 60_000
    city.exchange(resident)
    with resident.store.writing() as connection:  # as when a feed has gone back
        outbox.offer_again(connection, resident.scopes.id_of.values())
    assert take(resident, city, *old).settled == 0
    assert Courier(resident).state().own_waiting == 1
    city.clock.now_ms += 60_000
    Courier(courier).deliver(city.doors())
    assert take(resident, city, *items_of(courier, public=False)).settled == 1


def test_a_reply_without_its_changes_moves_no_cursor_and_the_whole_one_still_counts(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    record = delivered(city, resident, courier)
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).reply(record, "Бригада виїхала.")
        city.exchange(office)
    Courier(courier).deliver(city.doors())
    requests = [each for each in items_of(courier, public=False) if each.type == REQUEST_ITEM]
    (whole,) = [each for each in items_of(courier, public=False) if each.type == REPLY_ITEM]
    poor = reply_item(whole.body[:32], _stripped(whole.body[32:]))
    with city.resident("third") as third:
        assert take(third, city, *requests, poor).replies == 1
        assert take(third, city, whole).replies == 1  # the same statement, and more beside it
        assert take(third, city, poor).replies == 0
    taken = take(resident, city, poor)
    assert (taken.settled, taken.arrived) == (1, 0)
    assert Appeals(resident).get(record).said == ()
    assert take(resident, city, whole).arrived == 1
    assert len(Appeals(resident).get(record).said) == 1


def test_changes_that_a_carrier_stuffs_into_a_reply_do_not_come_into_the_log(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    record = delivered(city, resident, courier)
    (reply,) = [each for each in items_of(courier, public=False) if each.type == REPLY_ITEM]
    with city.resident("liar") as liar:
        Appeals(liar).file(an_appeal("Чуже"))
        lies = [entry._replace(version=1) for entry in _entries(liar)]
    stuffed = reply_item(reply.body[:32], _stuffed(reply.body[32:], MAIL, lies))
    before = _log(resident)
    taken = take(resident, city, stuffed)
    assert (taken.settled, taken.arrived) == (1, 0)
    assert Refused("change", "not_allowed", 1) in taken.refused
    assert _log(resident) == before
    assert Appeals(resident).get(record).state == "received"
    assert city.exchange(resident).complete


def test_the_city_s_own_answer_takes_the_place_of_one_that_was_stuffed(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    """It says less than a crook made up, and it is what the city says."""
    resident, courier = devices
    record = delivered(city, resident, courier)
    with city.profile("desk") as office:
        city.exchange(office)
        Desk(office).reply(record, "Бригада виїхала.")
        city.exchange(office)
    Courier(courier).deliver(city.doors())
    with city.resident("liar") as liar, city.resident("runner") as runner:
        for _ in range(4):
            Appeals(liar).file(an_appeal("Чуже"))
        lies = [entry._replace(version=at) for at, entry in enumerate(_entries(liar), 1)]
        asked, reply = items_of(courier, public=False)
        take(
            runner, city, asked, reply_item(reply.body[:32], _stuffed(reply.body[32:], MAIL, lies))
        )
        city.clock.now_ms += 1_000
        Courier(runner).deliver(city.doors())
        (_, honest) = items_of(runner, public=False)
        take(resident, city, honest)
    assert [line.text for line in Appeals(resident).get(record).said] == ["Бригада виїхала."]


def test_a_moment_or_place_that_a_carrier_writes_counts_for_nothing(city: City) -> None:
    """By an early moment of commit a carrier could make a correction older than what it mends."""
    with city.profile("newsroom") as room, city.resident() as resident:
        item = Newsroom(room).publish(Published("Вода", "Є."))
        city.clock.now_ms += 5_000
        Newsroom(room).correct(item.record, Corrected("Вода", "Немає."))
        city.exchange(room)
        entries = [
            entry._replace(version=9 - place, received=1)
            for place, entry in enumerate(_entries(room, NEWS))
        ]
        taken = take(resident, city, _trust(room), _unsafe_public(entries))
        assert taken.arrived == 2
        assert News(resident).get(item.record).text == "Немає."
        assert city.exchange(resident).complete
        rows = resident.store.rows("SELECT received FROM changes WHERE scope = ?", (
            resident.scopes.id_of[NEWS],
        ))  # fmt: skip
        assert {row[0] for row in rows} == {city.clock.now_ms}  # the city has told by now
        assert News(resident).get(item.record).text == "Немає."


def test_a_flood_of_junk_leaves_room_for_honest_and_for_urgent_requests(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, replica = devices
    courier = Courier(replica, budget_bytes=40_000)
    for wave in range(12):
        flood = [request_item(junk(city, Signer.generate()[0], 3, 900)) for _ in range(30)]
        taken = courier.take(encode_courier(city.card.city, flood), "lan")
        assert taken.requests < 20, wave
        assert {each.reason for each in taken.refused} <= {"import_share", "full"}
    Appeals(resident).file(an_appeal())
    state = courier.state()
    assert state.bytes < 40_000
    taken = courier.take(Courier(resident).give(public=False)[0], "file")
    assert taken.requests + sum(each.count for each in taken.refused) == 1  # never in silence


def test_routine_requests_never_take_the_room_that_is_kept_for_urgent_ones(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    _, replica = devices
    courier = Courier(replica, budget_bytes=40_000)
    for _ in range(60):
        one = request_item(junk(city, Signer.generate()[0], 1, 900))
        courier.take(encode_courier(city.card.city, [one]), "lan")
    assert 20_000 < courier.state().bytes <= 30_000
    urgent = request_item(junk(city, Signer.generate()[0], 3, 900))
    assert courier.take(encode_courier(city.card.city, [urgent]), "lan").requests == 1
    assert courier.carried()[0].urgency == 3


def test_one_sender_cannot_fill_the_store(city: City, devices: tuple[Replica, Replica]) -> None:
    _, courier = devices
    signer, _ = Signer.generate()
    flood = [request_item(junk(city, signer, seq=number)) for number in range(1, 60)]
    taken = take(courier, city, *flood)
    assert taken.requests == CARRIED_SENDER_REQUESTS_MAX
    assert taken.refused == (Refused("request", "sender_share", 43),)
    (more,) = take(courier, city, request_item(junk(city, signer, seq=99))).refused
    assert more.reason == "sender_share"


def test_nothing_without_a_receipt_is_ever_wiped(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, replica = devices
    courier = Courier(replica)
    Appeals(resident).file(an_appeal())
    take(replica, city, *items_of(resident))
    assert courier.clear({}, replies_too=True).kept == 1
    city_down = city.doors()
    city_down.lose_next_reply()
    with pytest.raises(MistoError):
        courier.deliver(city_down)  # the city has it, and nobody here knows
    assert courier.clear({}, replies_too=True).kept == 1
    courier.deliver(city.doors())
    owed = courier.clear({})
    assert (owed.requests, owed.kept, owed.waiting, owed.owed) == (0, 1, 0, 1)
    (here,) = courier.carried()
    cleared = courier.clear({here.request: here.said})
    assert (cleared.requests, cleared.kept, cleared.lost, courier.state().bytes) == (1, 0, 0, 0)


def test_a_reply_that_the_city_did_not_sign_wipes_nothing(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    Appeals(resident).file(an_appeal())
    take(courier, city, *items_of(resident))
    with city.resident("twin") as twin:
        take(twin, city, *items_of(resident))
        Courier(twin).deliver(city.doors())
        (reply,) = [each for each in items_of(twin, public=False) if each.type == REPLY_ITEM]
    raw = bytearray(reply.body)
    raw[-1] ^= 1
    taken = take(courier, city, Item(REPLY_ITEM, bytes(raw)))
    assert taken.replies == 0
    assert taken.refused[0].reason == "bad_signature"
    other = reply_item(bytes(32), reply.body[32:])
    assert take(courier, city, other).refused == (Refused("reply", "unknown_request", 1),)
    assert Courier(courier).clear({}, replies_too=True).kept == 1
    assert take(courier, city, reply).replies == 1
    assert Courier(courier).clear({}, replies_too=True).requests == 1


def test_what_a_courier_hands_on_does_not_tell_who_it_is(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    Appeals(courier).file(an_appeal("Кур’єр сам"))
    city.exchange(courier)
    delivered(city, resident, courier)
    public = [item for item in items_of(courier) if item.type == PUBLIC_ITEM]
    assert public
    mailbox = _feed(courier, MAIL)
    for item in public:
        assert courier.device not in item.body
        assert courier.signer.public_key not in item.body
        assert mailbox not in item.body


def test_a_newer_request_that_offers_more_takes_the_place_of_the_older_one(
    city: City, devices: tuple[Replica, Replica]
) -> None:
    resident, courier = devices
    Appeals(resident).file(an_appeal())
    old = items_of(resident, public=False)
    take(courier, city, *old)
    Appeals(resident).file(an_appeal("Друге"))
    assert take(courier, city, *items_of(resident, public=False)).requests == 1
    (kept,) = Courier(courier).carried()
    assert kept.changes == 2
    assert take(courier, city, *old).known == 1
    assert Courier(courier).deliver(city.doors()).done == 1


_NEWS = Draft(BY_NAME["news.published"].number, 1, None, False)


def _entries(replica: Replica, scope: str = "") -> list[Entry]:
    """Own changes, ready to be sent."""
    wanted = replica.scopes.id_of[scope] if scope else replica.scopes.id_of["queue/general"]
    sql = "SELECT seq, change_id, raw FROM changes WHERE author = 1 AND scope = ? ORDER BY seq"
    signer = replica.signer
    return [
        Entry(0, 0, signer.public_key, signer.device, wanted, seq, identity, raw)
        for seq, identity, raw in replica.store.rows(sql, (wanted,))
    ]


def _trust(replica: Replica) -> Item:
    (first, *_) = [item for item in items_of(replica) if item.type == PUBLIC_ITEM]
    return first


def _unsafe_public(entries: list[Entry]) -> Item:
    """A public item as a liar would write it."""
    return public_item({NEWS: entries}, [])


def _stripped(raw: bytes) -> bytes:
    reply = decode_reply(raw)
    return encode_reply((), [], reply.statement, reply.signature)


def _stuffed(raw: bytes, feed: str, entries: list[Entry]) -> bytes:
    reply = decode_reply(raw)
    devices: dict[bytes, int] = {}
    section = encode_section(Section(feed, gather(entries, devices)))
    return encode_reply(list(devices), [section], reply.statement, reply.signature)


def _log(replica: Replica) -> int:
    return int(replica.store.rows("SELECT count(*) FROM changes")[0][0])


def _feed(replica: Replica, name: str) -> bytes:
    with replica.store.holding() as connection:
        return feeds.load(connection)[name].feed


def _anonymous(city: City, courier: Replica) -> None:
    """Heads that may be handed on."""
    fetch_heads(courier, city.doors())


def test_a_revoked_device_does_not_sign_its_past_anew_through_a_courier(city: City) -> None:
    """The city would refuse a second change with a seq that the cut allows; a courier cannot."""
    with city.profile("newsroom") as room, city.resident() as resident:
        Newsroom(room).publish(Published("Вода", "Є."))
        city.exchange(room)
        publish_trust(city, Revoked(room.device.hex(), "newsroom", "news", 1))
        city.exchange(resident)
        (true,) = _entries(room, NEWS)
        place = Place(true.scope, 1, NO_PREV, (city.clock.now_ms + 9) << 16)
        header = header_of(room.device, place, _NEWS)
        lie = finish(room.signer, header, decode(true.raw).body)
        entry = true._replace(id=lie.id, raw=lie.raw)
        assert judge(lie, resident.facts()).status is Status.ACCEPTED
        taken = take(resident, city, _unsafe_public([entry]))
        assert (taken.arrived, taken.refused) == (0, (Refused("change", "not_allowed", 1),))
        assert News(resident).count() == 1


def test_what_was_handed_to_a_courier_is_sealed_on_disk_and_read_after_a_restart(
    city: City,
) -> None:
    with city.resident() as resident, city.resident("courier") as courier:
        record = Appeals(resident).file(an_appeal()).record
        raw = Courier(resident).own_request()
        assert raw is not None
        assert raw == Courier(resident).own_request()
        assert raw[-64:] not in files_of(resident.folder)
        take(courier, city, request_item(raw))
        Courier(courier).deliver(city.doors())
        answer = items_of(courier, public=False)
    with city.resident() as resident:
        assert take(resident, city, *answer).settled == 1
        assert Appeals(resident).get(record).state == "received"

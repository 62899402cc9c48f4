"""Founding a city."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from client.services.replica import Replica
from misto.city import BadCity, init_city
from shared_schema.crypto.card import read_card
from shared_schema.crypto.signing import Signer
from shared_schema.ids import device_id
from shared_schema.records.kinds import BY_NUMBER, decode_payload
from shared_schema.sync.card_trust import trust_of
from tests.misto.support import Here


def test_secrets_are_for_the_owner_only(city: Path) -> None:
    secrets = [
        city / "server.key",
        *(city / "keys").iterdir(),
        *city.glob("profiles/*/device.keys"),
    ]
    assert len(secrets) == 8
    open_to_others = [path for path in secrets if stat.S_IMODE(path.stat().st_mode) != 0o600]
    assert open_to_others == []


def test_card_names_the_server_key_and_the_enrolment_key(city: Path) -> None:
    card = read_card((city / "card.json").read_bytes())
    server = Signer(bytes.fromhex((city / "server.key").read_text()))
    enrolment = Signer(bytes.fromhex((city / "keys" / "enrolment.key").read_text()))
    assert card.server_keys == (server.public_key,)
    assert card.enrolment_devices == {device_id(enrolment.public_key)}
    assert card.facts.districts == ("Поділ", "Лівий берег")


def test_grants_travel_in_the_card_and_count_at_once(city: Path, tmp_path: Path) -> None:
    roles = {}
    for name in ("desk", "newsroom", "editor"):
        with Replica.open(city / "profiles" / name) as replica:
            roles[name] = replica.roles()
    assert roles == {
        "desk": {("desk", "queue/general")},
        **{key: {("newsroom", "news")} for key in ("newsroom", "editor")},
    }
    with Replica.create(tmp_path / "phone", (city / "card.json").read_bytes()) as phone:
        assert phone.roles() == set()
        assert set(phone.grants.roles.values()) == {"desk", "newsroom"}


def test_grants_are_one_stream_by_the_enrolment_key(city: Path) -> None:
    changes = [change for _, change in trust_of(read_card((city / "card.json").read_bytes()))]
    assert [change.seq for change in changes] == [1, 2, 3]
    assert changes[1].prev == changes[0].id
    assert changes[0].time < changes[1].time
    labels = [
        decode_payload(BY_NUMBER[each.kind, each.kind_version], each.body).label for each in changes
    ]
    assert labels == ["newsroom", "desk", "editor"]


def test_a_folder_that_holds_something_is_left_alone(misto: Here, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"x")
    done = misto("city", "init", tmp_path, "--name", "Надріччя")
    done.assert_one_clear_line(str(tmp_path), "not empty")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]


def test_an_empty_folder_may_become_a_city(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    card = init_city(tmp_path / "here", "Надріччя")
    assert read_card((tmp_path / "here" / "card.json").read_bytes()).city == card.city


def test_a_city_that_cannot_be_finished_leaves_nothing(misto: Here, tmp_path: Path) -> None:
    done = misto("city", "init", tmp_path / "c", "--name", "Н", "--server", "ftp://x")
    done.assert_one_clear_line("ftp://x")
    assert list(tmp_path.iterdir()) == []


def test_json(misto: Here, tmp_path: Path) -> None:
    shape = misto(
        "city", "init", tmp_path / "c", "--name", "Надріччя", "--server", "https://m.example",
        "--district", "Поділ", "--json",
    ).json  # fmt: skip
    assert shape["name"] == "Надріччя"
    assert shape["servers"] == ["https://m.example"]
    assert shape["districts"] == ["Поділ"]
    assert shape["queues"] == ["general"]
    assert set(shape["profiles"]) == {"desk", "newsroom", "editor", "enrolment"}
    assert Path(shape["card"]).is_file()


def test_a_city_with_several_queues(misto: Here, tmp_path: Path) -> None:
    city = tmp_path / "c"
    shape = misto(
        "city", "init", city, "--name", "Надріччя", "--queue", "general", "--queue", "вода",
        "--json",
    ).json  # fmt: skip
    assert shape["queues"] == ["general", "вода"]
    assert set(shape["profiles"]) == {
        "desk", "desk-вода", "newsroom", "editor", "enrolment",
    }  # fmt: skip
    for profile, role in (("desk", "queue/general"), ("desk-вода", "queue/вода")):
        told = misto("device", "show", city / "profiles" / profile, "--json").json
        assert told["roles"] == [{"role": "desk", "scope": role}]


@pytest.mark.parametrize(
    "queues",
    [(), ("",), ("a/b",), ("..",), ("Вода", "вода"), ("a" * 59,), tuple(map(str, range(25)))],
)
def test_queues_that_cannot_be_are_refused(tmp_path: Path, queues: tuple[str, ...]) -> None:
    with pytest.raises(BadCity):
        init_city(tmp_path / "c", "Надріччя", queues=queues)
    assert list(tmp_path.iterdir()) == []

"""The file of a backup comes from anywhere: bad bytes are one clear error, and make nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import zstandard

from client.keys import passphrase
from client.keys.passphrase import WrongPassphrase, locked
from client.services import backup_file
from client.services.appeals import Appeals
from client.services.backup import export_own, import_own
from client.services.backup_file import (
    FORMAT,
    BackupDamaged,
    BackupNewer,
    BackupTooLarge,
    Content,
    Said,
    seal,
    unseal,
)
from shared_schema.limits import BACKUP_BYTES_MAX, NOTE_BYTES_MAX
from tests.client.city import City, an_appeal

WORDS = "сім кошенят їдуть"


@pytest.fixture(autouse=True)
def quick_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks that are made here open quickly: their parameters lie in them."""
    monkeypatch.setattr(passphrase, "_TIME_COST", 1)
    monkeypatch.setattr(passphrase, "_MEMORY_KIB", 1024)


@pytest.fixture
def content(city: City) -> Content:
    """What is in a resident's file."""
    with city.resident() as old:
        Appeals(old).file(an_appeal())
        city.exchange(old)
        return unseal(export_own(old, WORDS), WORDS)


def refused(city: City, raw: bytes) -> None:
    folder = city.folder / "new"
    with pytest.raises(BackupDamaged):
        import_own(folder, raw, WORDS)
    assert not folder.exists()


def with_lock(raw: bytes, **changed: Any) -> bytes:
    header, sealed = raw.split(b"\n", 1)
    document = json.loads(header)
    document["lock"] |= changed
    return json.dumps(document).encode() + b"\n" + sealed


def sealed_as(packed: bytes) -> bytes:
    """A file with these bytes behind a true lock."""
    lock, sealed = locked(packed, WORDS, FORMAT)
    return json.dumps({"format": FORMAT, "lock": lock}).encode() + b"\n" + sealed


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[1]\n",
        b"7\n",
        b"\xff\xfe\n" + b"x" * 100,
        b"[" * 1000 + b"\n",
        b" " * 5000 + b"\n",
        b'{"format": 7}\n',
        b'{"format": "misto.keys/1"}\n',
        b'{"format": "misto.own/1"}\n',
        b'{"format": "misto.own/1", "lock": []}\n' + b"x" * 100,
        b'{"format": "misto.own/1", "lock": {"stretch": "argon2id"}}\n' + b"x" * 100,
        b"x" * (BACKUP_BYTES_MAX + 1),
    ],
    ids=range(14),
)
def test_what_is_no_backup_is_one_clear_error(city: City, raw: bytes) -> None:
    refused(city, raw)


def test_a_newer_file_is_named_so(city: City) -> None:
    with pytest.raises(BackupNewer):
        import_own(city.folder / "new", b'{"format": "misto.own/2", "lock": 1}\n', WORDS)


@pytest.mark.parametrize(
    "changed",
    [
        {"memory_kib": 2**40},
        {"memory_kib": 4},
        {"time_cost": 10**9},
        {"time_cost": "many"},
        {"time_cost": None},
        {"lanes": 0},
        {"lanes": 2**31},
        {"lanes": 1e999},
        {"stretch": "none"},
        {"salt": "AA=="},
        {"salt": "?"},
    ],
)
def test_a_lock_that_asks_for_too_much_is_not_tried(
    city: City, content: Content, changed: dict[str, Any]
) -> None:
    refused(city, with_lock(seal(content, WORDS), **changed))


def test_whatever_is_altered_is_noticed(content: Content) -> None:
    raw = seal(content, WORDS)
    assert unseal(raw, WORDS) == content
    for at in (raw.index(b"\n") + 1, len(raw) // 2, len(raw) - 1):
        with pytest.raises(WrongPassphrase):
            unseal(raw[:at] + bytes((raw[at] ^ 1,)) + raw[at + 1 :], WORDS)
    with pytest.raises(WrongPassphrase):
        unseal(raw[:-1], WORDS)
    with pytest.raises(WrongPassphrase):
        unseal(with_lock(raw, time_cost=2), WORDS)


def test_what_unpacks_to_too_much_is_not_unpacked(
    city: City, content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = msgspec.msgpack.encode(content)
    raw = sealed_as(zstandard.compress(packed))
    unknown = zstandard.ZstdCompressor(write_content_size=False).compress(packed)
    assert unseal(raw, WORDS) == content
    refused(city, sealed_as(unknown))
    refused(city, sealed_as(b"no frame at all"))
    monkeypatch.setattr(backup_file, "_UNPACKED_BYTES_MAX", len(packed) - 1)
    refused(city, raw)
    with pytest.raises(BackupTooLarge):
        seal(content, WORDS)


def test_what_would_not_be_read_back_is_not_written(
    content: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup_file, "BACKUP_BYTES_MAX", 1000)
    with pytest.raises(BackupTooLarge):
        seal(content, WORDS)


def test_a_content_that_contradicts_itself_is_refused(city: City, content: Content) -> None:
    with city.resident("other") as other:
        Appeals(other).file(an_appeal())
        foreign = unseal(export_own(other, WORDS), WORDS).own
    (said,) = content.own
    wrong: tuple[dict[str, Any], ...] = (
        {"card": b"{}"},
        {"secrets": {}},
        {"secrets": content.secrets | {"signing_seed": "AA=="}},
        {"own": foreign},
        {"own": [Said(b"", 0, 0, 0, None, None)]},
        {"own": [Said(said.raw, 0, 0, 0, None, 77)]},
        {"own": [Said(said.raw, -1, 0, 0, None, None)]},
        {"own": [Said(said.raw, 2**63, 0, 0, None, None)]},
        {"notes": {"draft/1": b" " * (NOTE_BYTES_MAX + 1)}},
    )
    for changed in wrong:
        refused(city, seal(msgspec.structs.replace(content, **changed), WORDS))


def test_a_forged_reply_in_a_file_is_left_out(city: City, content: Content, tmp_path: Path) -> None:
    (first, *_) = content.others
    forged = first.raw[:-1] + bytes((first.raw[-1] ^ 1,))
    others = [msgspec.structs.replace(first, raw=forged)]
    raw = seal(msgspec.structs.replace(content, others=others), WORDS)
    with import_own(tmp_path / "new", raw, WORDS, clock=city.clock) as new:
        rows = new.store.read("SELECT count(*) FROM changes WHERE raw = ?", (forged,))
        assert rows == [(0,)]


def test_fields_of_a_later_version_are_no_obstacle(content: Content) -> None:
    later = msgspec.structs.asdict(content) | {"more": 1}
    raw = sealed_as(zstandard.compress(msgspec.msgpack.encode(later)))
    assert unseal(raw, WORDS) == content

"""Locks: what was locked once opens for ever, and no lock makes a phone work itself to death."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from client.keys.passphrase import UnusableLock, WrongPassphrase, locked, unlocked
from client.keys.vault import FILE_NAME, DeviceSecrets, Vault, VaultError, overwrite

OLD_FILE = (
    '{"format": "misto.keys/1", "lock": {"stretch": "argon2id", "time_cost": 1, "memory_kib": 1024,'
    ' "lanes": 4, "salt": "a3tNqopPahNKjBE3T+fGKQ=="}, "secrets": "sWv0UrJsGGh0zWiRKyWNU/GZR9fKh2uZ'
    "efYHyt5YHCI5KrAqh3KtUuxRr5sQH6URLQxyJqhNKQVF7dQ9Hy9ysjZzeDXCUE4w88r3EexCp03A2LXRzkgGzKKT29wsrB"
    "fXuQh0k2u3nFAfgusrQh7Q4MeMaldHq9GUrysOwH7uDg/hA9c9esSieCXSVf/tPjnERld7GeHMcjJ9eSyM86+us1ssMabu"
    "lrBr7Q2GqzJBCBlCcJY6ZHXCPorDf0zJTXk/Y+LclJQBkY92eMgI19rGMhsKdohayaEXlYXOtRgWoavENCGYOKZWyxsjai"
    "i5JgYKGq1dQe3q1TvfjtpZyMzvmdZI3X4I0pneXaaA7WIobebwTIZWSBxDh/6QowT06LnZL/HGIn1J7tXQr8uoFF6MtBc="
    '"}'
)
"""Written before backups shared the lock."""
SECRETS = DeviceSecrets(b"s" * 32, b"t" * 32, b"k" * 32, {"general": {1: b"q" * 32}})


def test_an_old_key_file_still_opens(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(OLD_FILE)
    assert Vault.open(tmp_path, "4711") == SECRETS


def test_a_lock_is_bound_to_its_purpose_and_parameters() -> None:
    lock, wrapped = locked(b"secret", "words", "one")
    assert unlocked(lock, wrapped, "words", "one") == b"secret"
    assert b"secret" not in wrapped
    for other_lock, words, purpose in (
        (lock, "words", "another"),
        (lock, "Words", "one"),
        (lock | {"time_cost": 2}, "words", "one"),
        (lock | {"note": "more"}, "words", "one"),
    ):
        with pytest.raises(WrongPassphrase):
            unlocked(other_lock, wrapped, words, purpose)


def test_two_locks_are_never_the_same() -> None:
    (first, one), (second, two) = (locked(b"secret", "words", "one") for _ in range(2))
    assert first["salt"] != second["salt"]
    assert one != two


@pytest.mark.parametrize(
    "lock",
    [
        None,
        [],
        {},
        {"memory_kib": 2**40},
        {"memory_kib": 7},
        {"time_cost": 0},
        {"time_cost": 17},
        {"lanes": 5},
        {"stretch": "scrypt"},
        {"salt": ""},
        {"salt": "AA=="},
        {"salt": "не base64"},
    ],
)
def test_a_lock_out_of_bounds_is_not_tried(tmp_path: Path, lock: Any) -> None:
    document = json.loads(OLD_FILE)
    document["lock"] = document["lock"] | lock if lock else lock
    with pytest.raises(UnusableLock):
        unlocked(document["lock"], b"x" * 100, "4711", "misto.keys/1")
    if lock is not None:  # without a lock the file is read as one in clear
        (tmp_path / FILE_NAME).write_text(json.dumps(document))
        with pytest.raises(VaultError):
            Vault.open(tmp_path, "4711")


def test_what_is_too_short_to_be_locked_is_not_tried() -> None:
    lock, wrapped = locked(b"", "words", "one")
    assert unlocked(lock, wrapped, "words", "one") == b""
    with pytest.raises(UnusableLock):
        unlocked(lock, wrapped[:-1], "words", "one")


def test_setting_a_pin_leaves_no_secrets_in_clear_behind(tmp_path: Path) -> None:
    Vault.create(tmp_path, SECRETS)
    clear = (tmp_path / FILE_NAME).read_bytes()
    with (tmp_path / FILE_NAME).open("rb") as old:  # the blocks that the disk would keep
        Vault.create(tmp_path, SECRETS, "4711")
        left = old.read()
    assert len(left) == len(clear)
    assert b"signing_seed" in clear
    assert b"signing_seed" not in left
    assert Vault.open(tmp_path, "4711") == SECRETS


def test_keys_that_cannot_be_replaced_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "no space")

    Vault.create(tmp_path, SECRETS)
    with monkeypatch.context() as patch:
        patch.setattr("client.keys.vault.write_durably", full)
        with pytest.raises(OSError, match="no space"):
            Vault.create(tmp_path, SECRETS, "4711")
    assert Vault.open(tmp_path) == SECRETS


def test_overwriting_follows_no_link(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("precious")
    os.symlink(tmp_path / "precious", tmp_path / "link")
    with pytest.raises(OSError, match="link"):
        overwrite(tmp_path / "link")
    assert (tmp_path / "precious").read_text() == "precious"

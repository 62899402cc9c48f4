"""The key file: durable, private, and locked when there is a PIN."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from client.keys.vault import (
    FILE_NAME,
    DeviceSecrets,
    PinTooShort,
    Vault,
    VaultError,
    VaultLocked,
    WrongPin,
)

SECRETS = DeviceSecrets(b"s" * 32, b"t" * 32, b"k" * 32, {"general": {1: b"q" * 32, 2: b"r" * 32}})


def test_secrets_come_back_without_a_pin(tmp_path: Path) -> None:
    Vault.create(tmp_path, SECRETS)
    assert Vault.open(tmp_path) == SECRETS
    assert not Vault.is_locked(tmp_path)
    assert stat.S_IMODE(os.stat(tmp_path / FILE_NAME).st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_secrets_come_back_with_the_pin_only(tmp_path: Path) -> None:
    Vault.create(tmp_path, SECRETS, "4711")
    assert Vault.is_locked(tmp_path)
    assert Vault.open(tmp_path, "4711") == SECRETS
    with pytest.raises(VaultLocked):
        Vault.open(tmp_path)
    with pytest.raises(WrongPin):
        Vault.open(tmp_path, "4712")


def test_a_locked_file_shows_nothing(tmp_path: Path) -> None:
    Vault.create(tmp_path, DeviceSecrets(b"\x01" * 32, b"\x02" * 32, b"\x03" * 32), "4711")
    raw = (tmp_path / FILE_NAME).read_text()
    assert "AQEBAQ" not in raw  # base64 of the seed
    assert "seed" not in raw


def test_weakening_the_lock_is_noticed(tmp_path: Path) -> None:
    Vault.create(tmp_path, SECRETS, "4711")
    path = tmp_path / FILE_NAME
    document = json.loads(path.read_text())
    document["lock"]["time_cost"] = 1
    path.write_text(json.dumps(document))
    with pytest.raises(WrongPin):
        Vault.open(tmp_path, "4711")
    document["lock"]["memory_kib"] = 2**40  # would take all memory
    path.write_text(json.dumps(document))
    with pytest.raises(VaultError):
        Vault.open(tmp_path, "4711")


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"\xff\xfe", b'{"format": "misto.keys/1"}', b"[" * 100_000,
                b'{"format": "misto.keys/1", "lock": null, "secrets": {"signing_seed": "AA=="}}'],
)  # fmt: skip
def test_a_damaged_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(VaultError):
        Vault.open(tmp_path)


def test_a_short_pin_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(PinTooShort):
        Vault.create(tmp_path, SECRETS, "123")
    assert list(tmp_path.iterdir()) == []


def test_secrets_do_not_print_themselves() -> None:
    assert "s" * 8 not in repr(SECRETS)

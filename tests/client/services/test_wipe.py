"""Wiping: nothing of a profile stays, whatever state it is in, and nothing else goes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from client.keys.vault import FILE_NAME
from client.services.appeals import Appeals
from client.services.replica import CARD, DATABASE, NoProfile, Replica
from client.services.wipe import wipe
from client.storage.errors import StorageError
from tests.client.city import City, an_appeal


def a_profile(city: City) -> Path:
    """A closed profile with all the files that there can be."""
    with city.resident() as replica:
        Appeals(replica).file(an_appeal())
        folder = replica.folder
    names = ("-wal", "-shm", "-journal", ".damaged-1", ".damaged-1-wal", ".damaged-2")
    for name in names:
        (folder / f"{DATABASE}{name}").write_bytes(b"leftover")
    for name in (f".{FILE_NAME}.new", f".{CARD}.new"):
        (folder / name).write_bytes(b"leftover")
    return folder


def test_nothing_is_left(city: City) -> None:
    folder = a_profile(city)
    wipe(folder)
    assert not folder.exists()
    wipe(folder)
    with pytest.raises(NoProfile):
        Replica.open(folder)
    with city.resident() as replica:
        assert Appeals(replica).list() == []


def test_the_keys_are_overwritten_and_go_first(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = a_profile(city)
    size = (folder / FILE_NAME).stat().st_size
    order: list[str] = []
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        order.append(path.name)
        real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)
    with (folder / FILE_NAME).open("rb") as keys:
        wipe(folder)
        left = keys.read()
    assert order[0] == FILE_NAME
    assert len(left) == size
    assert b"signing_seed" not in left


@pytest.mark.parametrize("name", [FILE_NAME, CARD, DATABASE])
@pytest.mark.parametrize("content", [None, b"", b"\xa5" * 10_000])
def test_a_damaged_profile_goes_too(city: City, name: str, content: bytes | None) -> None:
    folder = a_profile(city)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    wipe(folder)
    assert not folder.exists()


def test_somebody_elses_files_stay(city: City) -> None:
    folder = a_profile(city)
    (folder / "photo.jpg").write_bytes(b"not ours")
    (folder / "replica").mkdir()
    wipe(folder)
    assert sorted(path.name for path in folder.iterdir()) == ["photo.jpg", "replica"]


def test_links_go_and_what_they_point_to_stays(city: City, tmp_path: Path) -> None:
    folder = a_profile(city)
    precious = tmp_path / "precious"
    precious.write_text("precious")
    for name in (FILE_NAME, CARD, f"{DATABASE}-wal", f"{DATABASE}.damaged-3"):
        (folder / name).unlink(missing_ok=True)
        os.symlink(precious, folder / name)
    os.symlink(tmp_path / "nowhere", folder / f"{DATABASE}.damaged-4")
    wipe(folder)
    assert not folder.exists()
    assert precious.read_text() == "precious"


def test_a_profile_behind_a_link_goes_all_the_same(city: City, tmp_path: Path) -> None:
    folder = a_profile(city)
    os.symlink(folder, tmp_path / "link")
    wipe(tmp_path / "link")
    assert list(folder.iterdir()) == []


def test_what_cannot_be_deleted_is_told_and_the_rest_is_gone(city: City) -> None:
    folder = a_profile(city)
    (folder / f"{DATABASE}.damaged-1").unlink()
    (folder / f"{DATABASE}.damaged-1").mkdir()
    with pytest.raises(StorageError):
        wipe(folder)
    assert [path.name for path in folder.iterdir()] == [f"{DATABASE}.damaged-1"]


def test_a_read_only_key_file_goes(city: City) -> None:
    folder = a_profile(city)
    (folder / FILE_NAME).chmod(0o400)
    wipe(folder)
    assert not folder.exists()

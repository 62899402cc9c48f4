"""Opening the profile that a command works on."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from misto.cli.errors import Problem

if TYPE_CHECKING:
    from client.services.replica import Replica


def open_profile(folder: Path, pin_file: Path | None) -> Replica:
    """The device in `folder`, unlocked.

    Raises:
        Problem: there is no profile here.
        MistoError: it does not open; see `client.services.replica.Replica.open`.
    """
    check_profile(folder)
    from client.services.replica import Replica

    return Replica.open(folder, pin=read_pin(pin_file))


def is_profile(folder: Path) -> bool:
    """Whether there is a device in `folder`."""
    return (folder / "device.keys").is_file()


def begun(folder: Path) -> bool:
    """Whether all in `folder` is what a first run leaves that was cut off; it is made anew."""
    if not folder.is_dir():
        return False
    return all(path.name.startswith(("card.json", "replica.db")) for path in folder.iterdir())


def read_card_file(card: Path) -> bytes:
    """A city card's bytes, and no more than the longest card has."""
    from shared_schema.limits import CARD_BYTES_MAX

    with card.open("rb") as file:
        return file.read(CARD_BYTES_MAX + 1)


def check_profile(folder: Path) -> None:
    """Make sure that there is a device in `folder`, before anything heavy is imported.

    Raises:
        Problem: there is none.
    """
    if not is_profile(folder):
        raise Problem(
            f"{folder} is not a profile; `misto device new {folder} --card FILE` makes one"
        )


def read_pin(pin_file: Path | None) -> str | None:
    """The PIN from the file, else from MISTO_PIN, else none.

    Raises:
        Problem: the file is no text, or empty.
    """
    if pin_file is None:
        return os.environ.get("MISTO_PIN") or None
    try:
        lines = pin_file.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise Problem(f"{pin_file}: not a text in UTF-8") from error
    if not lines or not lines[0].strip():
        raise Problem(f"{pin_file}: no PIN on the first line")
    return lines[0].strip()

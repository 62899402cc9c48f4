"""Deleting a profile for good: because the phone is given away, or because it will be searched."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from client.keys.vault import FILE_NAME, overwrite
from client.services.replica import CARD, DATABASE
from client.storage.errors import files_named

_KEYS: Final = (FILE_NAME, f".{FILE_NAME}.new")
_OTHERS: Final = (f"{DATABASE}*", CARD, f".{CARD}.new")
"""The database with its sidecars and damaged copies, and the card."""


def wipe(folder: Path) -> None:
    """Delete everything of the profile in a folder, and the folder if nothing else is in it.

    The key file goes first, overwritten before it is unlinked: without it the sealed rest is noise,
    however far the deletion comes. A damaged profile is deleted just the same, and a second call
    finishes what an interrupted one began. A link is removed as a link: what it points to stays.

    Flash memory may keep the old blocks of an overwritten file for a while, out of our reach. What
    protects then is a PIN: in those blocks the keys are locked with it too. Nobody but the caller
    may still have the profile open, or it would be written to again.

    Raises:
        StorageError: something could not be deleted; all the rest is gone.
    """
    problems = [*_shredded(folder), *_removed(folder)]
    with contextlib.suppress(OSError):  # there is none, or it holds somebody else's files
        folder.rmdir()
    with files_named():
        for problem in problems:
            raise problem


def _shredded(folder: Path) -> Iterator[OSError]:
    for name in _KEYS:
        with contextlib.suppress(OSError):  # a link, read-only, not there: unlinking may still work
            overwrite(folder / name)
        yield from _unlinked(folder / name)


def _removed(folder: Path) -> Iterator[OSError]:
    for pattern in _OTHERS:
        for path in sorted(folder.glob(pattern)):
            yield from _unlinked(path)


def _unlinked(path: Path) -> Iterator[OSError]:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        yield error

"""Folders that appear whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from shared_schema.errors import MistoError


class FolderTaken(MistoError):
    """A folder that should be made is there already, and is not empty."""

    code = "folder_taken"


def check_free(folder: Path) -> None:
    """Make sure that a new folder can stand here.

    Raises:
        FolderTaken: something is there already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderTaken(f"{folder} exists and is not empty; choose another place")


@contextlib.contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A sibling folder to build in, which becomes `folder` when the block ends well.

    An interrupted start leaves nothing that looks like a finished city. Only the owner can enter.

    Raises:
        FolderTaken: something is there already.
    """
    check_free(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield work
        if folder.exists():
            folder.rmdir()
        work.rename(folder)
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise

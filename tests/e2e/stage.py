"""The stage of the story: a city folder, real processes, and a server that can be killed."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.misto.support import (
    HOST,
    ROOT,
    Done,
    command,
    environment,
    free_port,
    process,
    wait_until_up,
)

DRIVER = Path(__file__).with_name("file_and_hold.py")


class Stage:
    """Folders under one root, and the processes that use them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.temporary = root / "tmp"
        self.temporary.mkdir()
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self.city = root / "city"
        self.desk = self.city / "profiles" / "desk"
        self.newsroom = self.city / "profiles" / "newsroom"
        self.resident = root / "resident"
        self._server: subprocess.Popen[bytes] | None = None

    def misto(self, *arguments: object) -> Done:
        return process(*arguments, temporary=self.temporary)

    def json(self, *arguments: object) -> Any:
        return self.misto(*arguments, "--json").json

    def exchange(self, profile: Path, url: str | None = None) -> Any:
        return self.json("exchange", "--profile", profile, "--server", url or self.url)

    # ------------------------------------------------------------------------------- the server

    def start_server(self) -> None:
        with (self.root / "server.log").open("ab") as log:
            self._server = subprocess.Popen(
                command("serve", "--city", self.city, "--port", self.port),
                env=environment(self.temporary),
                stdout=log,
                stderr=log,
            )
        wait_until_up(f"{self.url}/healthz", self._server)

    def kill_server(self) -> None:
        assert self._server is not None
        self._server.kill()
        assert self._server.wait() == -signal.SIGKILL
        self._server = None

    def close(self) -> None:
        if self._server is not None:
            self._server.kill()
            self._server.wait()

    # ----------------------------------------------------------------------------- what it holds

    def stored(self) -> list[tuple[bytes, bytes, int, bytes, int]]:
        """Every durable change: (scope, device, seq, change id, status)."""
        return self._query("SELECT scope, device, seq, change_id, status FROM changes")

    def feeds(self) -> dict[bytes, list[int]]:
        """The versions in each feed, in order."""
        feeds: dict[bytes, list[int]] = {}
        for feed, version in self._query("SELECT feed, version FROM entries ORDER BY version"):
            feeds.setdefault(feed, []).append(version)
        return feeds

    def _query(self, sql: str) -> list[Any]:
        """Ask a copy of the server's files: opening the real ones would recover a killed WAL."""
        assert self._server is None, "the files of a running server cannot be copied"
        with tempfile.TemporaryDirectory() as copy:
            for path in self.city.glob("server.db*"):
                shutil.copy(path, copy)
            with contextlib.closing(sqlite3.connect(Path(copy) / "server.db")) as database:
                return database.execute(sql).fetchall()


@contextlib.contextmanager
def stage(root: Path) -> Iterator[Stage]:
    """A stage; whatever runs on it is stopped at the end."""
    place = Stage(root)
    try:
        yield place
    finally:
        place.close()


def file_and_die(profile: Path, title: str, text: str, temporary: Path) -> str:
    """File an appeal in a process that is killed right after it was told *saved*; the record."""
    arguments = [sys.executable, str(DRIVER), str(profile), title, text]
    holder = subprocess.Popen(
        arguments, cwd=ROOT, env=environment(temporary), stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    with holder.stdout:
        word, _, record = holder.stdout.readline().strip().partition(" ")
        holder.kill()
    assert holder.wait() == -signal.SIGKILL
    assert word == "saved"
    return record


def files_with(words: tuple[str, ...], *folders: Path) -> list[str]:
    """Files under these folders that hold a word in any encoding that a program might use."""
    needles = {
        form
        for word in words
        for text in (word, word.lower(), word.upper())
        for encoding in ("utf-8", "cp1251", "koi8-u", "iso8859-5", "utf-16-le", "utf-16-be")
        for form in (text.encode(encoding), _escaped(text))
    }
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                found += [f"{path}: {needle!r}" for needle in needles if needle in content]
    return found


def _escaped(text: str) -> bytes:
    return text.encode("ascii", "backslashreplace")

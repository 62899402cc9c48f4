"""`misto codes`: what one terminal shows, pictures of it bring back, however many are lost."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import random
import select
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
import segno

from client.services import qr
from misto.cli.codes_drawing import BORDER, drawn
from shared_schema.sync.frames import Splitter
from tests import eye
from tests.misto.support import Here, command, environment

READ_KEYS = {"pictures", "codes", "whole", "file", "bytes", "transfers", "texts"}


@pytest.fixture(autouse=True)
def _zbar() -> None:
    eye.need_zbar()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    path = tmp_path / "out.bundle"
    path.write_bytes(random.Random(7).randbytes(3_000))
    return path


def shown(misto: Here, bundle: Path, *more: object) -> dict[str, Any]:
    return dict(misto("codes", "show", bundle, *more, "--json").json)


def test_pictures_of_which_a_third_is_lost_make_the_bundle_again(
    misto: Here, bundle: Path, tmp_path: Path
) -> None:
    made = shown(misto, bundle, "--png", tmp_path / "codes", "--frames", 26)
    assert (made["bytes"], made["needed"], made["frames"]) == (3_000, 13, 26)
    kept = [each for at, each in enumerate(made["files"]) if at % 3]
    random.Random(1).shuffle(kept)
    out = tmp_path / "in.bundle"
    read = misto("codes", "read", *kept, "--out", out, "--json").json
    assert set(read) == READ_KEYS
    assert (read["whole"], read["file"], read["bytes"]) == (True, str(out), 3_000)
    assert read["transfers"] == [{"transfer": made["transfer"], "have": 13, "needed": 13}]
    assert out.read_bytes() == bundle.read_bytes()
    assert out.stat().st_mode & 0o777 == 0o600


def test_a_gif_is_a_sequence_too(misto: Here, bundle: Path, tmp_path: Path) -> None:
    made = shown(misto, bundle, "--gif", tmp_path / "codes.gif")
    assert made["files"] == [str(tmp_path / "codes.gif")]
    out = tmp_path / "in.bundle"
    read = misto("codes", "read", tmp_path / "codes.gif", "--out", out).out
    assert "13 of 13 pieces" in read
    assert out.read_bytes() == bundle.read_bytes()


def test_too_few_pictures_say_how_many_are_missing_and_write_nothing(
    misto: Here, bundle: Path, tmp_path: Path
) -> None:
    made = shown(misto, bundle, "--png", tmp_path / "codes")
    out = tmp_path / "in.bundle"
    done = misto("codes", "read", *made["files"][:4], "--out", out)
    assert done.status == 1
    assert "4 of 13 pieces" in done.out
    assert "add more pictures" in done.out
    assert not out.exists()


def test_codes_that_are_no_frames_are_named(misto: Here, tmp_path: Path) -> None:
    (tmp_path / "slip.png").write_bytes(qr.drawn("misto:slip/1/abc"))
    done = misto("codes", "read", tmp_path / "slip.png")
    assert (done.status, "misto:slip/1/abc" in done.out) == (1, True)


@pytest.mark.parametrize("junk", [b"", b"junk", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_picture_is_one_clear_line(misto: Here, tmp_path: Path, junk: bytes) -> None:
    (tmp_path / "x.png").write_bytes(junk)
    misto("codes", "read", tmp_path / "x.png").assert_one_clear_line("no picture")


def test_what_is_too_large_or_nothing_or_there_already_is_one_clear_line(
    misto: Here, bundle: Path, tmp_path: Path
) -> None:
    large, empty = tmp_path / "large", tmp_path / "empty"
    large.write_bytes(bytes(300_000))
    empty.write_bytes(b"")
    misto("codes", "show", large, "--gif", tmp_path / "a.gif").assert_one_clear_line("--split")
    misto("codes", "show", empty, "--gif", tmp_path / "a.gif").assert_one_clear_line("nothing")
    misto("codes", "show", bundle, "--gif", large).assert_one_clear_line("there already")
    misto("codes", "show", bundle, "--png", tmp_path).assert_one_clear_line("not empty")
    misto("codes", "show", bundle).assert_one_clear_line("no terminal")
    misto("codes", "show", bundle, "--json").assert_one_clear_line("--png")
    misto("codes", "read", large, "--out", bundle).assert_one_clear_line("there already")


def picture_of(lines: list[str]) -> bytes:
    """What a camera sees of a terminal: a character is two squares, one on the other."""
    light = {"█": (1, 1), "▀": (1, 0), "▄": (0, 1), " ": (0, 0)}
    rows = [[light[letter][half] for letter in line] for line in lines for half in (0, 1)]
    from PIL import Image

    seen = Image.new("L", (len(rows[0]) + 4, len(rows) + 4), 255)
    for y, row in enumerate(rows):
        for x, bright in enumerate(row):
            seen.putpixel((x + 2, y + 2), 255 * bright)
    made = io.BytesIO()
    seen.resize((seen.width * 6, seen.height * 6), Image.Resampling.NEAREST).save(made, "png")
    return made.getvalue()


def test_a_camera_reads_what_the_terminal_shows(bundle: Path) -> None:
    text = Splitter(bundle.read_bytes()).text(3)
    lines = drawn(text).splitlines()
    width, _ = segno.make(text, error="m").symbol_size(border=BORDER)
    assert {len(line) for line in lines} == {width}
    assert eye.read(picture_of(lines)) == [text]


def heard(terminal: int) -> bytes:
    """What was written to a terminal meanwhile; nothing once nobody writes there any more."""
    with contextlib.suppress(OSError):
        if select.select([terminal], [], [], 0.2)[0]:
            return os.read(terminal, 65_536)
    return b""


def test_a_terminal_plays_until_ctrl_c_and_is_left_as_it_was(bundle: Path) -> None:
    ours, theirs = pty.openpty()
    env = environment() | {"COLUMNS": "120", "LINES": "60", "TERM": "xterm-256color"}
    shown = command("codes", "show", bundle, "--per-second", "20")
    playing = subprocess.Popen(shown, env=env, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said, deadline = b"", time.monotonic() + 60
    try:
        while b"code 5, 13 do" not in said and time.monotonic() < deadline:
            said += heard(ours)
        playing.send_signal(signal.SIGINT)
        while playing.poll() is None and time.monotonic() < deadline:
            said += heard(ours)
        said += heard(ours)
    finally:
        playing.kill()
        playing.wait()
        os.close(ours)
    assert b"code 5, 13 do" in said
    assert playing.returncode == 0, said[-400:]
    assert b"Traceback" not in said
    assert said.count(b"\x1b[?1049h") == said.count(b"\x1b[?1049l") == 1, "the other screen is left"


def test_a_terminal_that_is_too_small_is_told_so(bundle: Path) -> None:
    ours, theirs = pty.openpty()
    env = environment() | {"COLUMNS": "40", "LINES": "20", "TERM": "xterm"}
    done = subprocess.run(
        command("codes", "show", bundle), env=env, stdout=theirs, stderr=subprocess.PIPE,
        timeout=60, check=False,
    )  # fmt: skip
    os.close(theirs)
    os.close(ours)
    assert done.returncode != 0
    assert b"this terminal has 40 and 20" in done.stderr

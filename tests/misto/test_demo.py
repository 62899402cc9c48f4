"""`misto demo` as a real process: it starts, it stops, it goes on where it was."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from misto.demo.seed import load_seed
from misto.ports import check_free_port
from tests.misto.support import HOST, Here, command, environment, free_port

STOPS_S = 60.0
PORTS = 6
"""The server and four apps."""


@contextlib.contextmanager
def demo(folder: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The demo, up; with what it said of itself."""
    arguments = command("demo", "--folder", folder, "--port-base", port, "--json")
    process = subprocess.Popen(
        arguments,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, process.stderr.read() if process.stderr else ""
        yield process, json.loads(line)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def everything_stopped(port: int) -> bool:
    deadline = time.monotonic() + STOPS_S
    while time.monotonic() < deadline:
        with contextlib.suppress(Exception):
            for each in range(port, port + PORTS):
                check_free_port(HOST, each)
            return True
        time.sleep(0.1)
    return False


def test_the_demo_starts_stops_and_goes_on(misto: Here, tmp_path: Path) -> None:
    folder, port, seed = tmp_path / "demo", free_port(PORTS), load_seed()
    with demo(folder, port) as (process, said):
        assert said["server"] == f"http://{HOST}:{port}"
        assert list(said["apps"]) == ["resident", "desk", "newsroom", "editor", "newcomer"]
        assert list(said["apps"].values()) == [f"http://{HOST}:{port + n}" for n in (1, 2, 3, 4, 5)]
        for address in said["apps"].values():
            assert "<html" in httpx.get(address).text.lower()
        busy = misto("demo", "--folder", tmp_path / "other", "--port-base", port)
        busy.assert_one_clear_line(f"port {port} is in use")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=STOPS_S)
    assert process.returncode == 0
    assert "Traceback" not in err
    assert everything_stopped(port)

    news = misto("news", "list", "--profile", folder / "resident", "--limit", 1000, "--json").json
    assert {item["title"] for item in news} == {item.title for item in seed.news}
    queue = misto(
        "desk", "list", "--profile", folder / "city/profiles/desk", "--limit", 1000, "--json"
    ).json
    assert sorted(each["title"] for each in queue) == sorted(each.title for each in seed.appeals)
    assert sum(bool(each["said"]) for each in queue) == len(seed.replies)
    mine = misto("appeal", "list", "--profile", folder / "resident", "--json").json
    assert mine
    assert not (folder / "newcomer").exists(), "a fresh phone is made by its person"
    places = misto("place", "list", "--profile", folder / "resident", "--json").json
    assert {each["name"] for each in places} == {each.name for each in seed.places}
    assert {each["condition"] for each in places} == {"open", "closed", "empty"}
    outages = misto("outage", "list", "--profile", folder / "resident", "--json").json
    assert len(outages["schedules"]) == len(seed.schedules)
    assert len(outages["announcements"]) == len(seed.announcements)
    assert {each["name"] for each in mine} == {seed.appeals[0].name}

    card = (folder / "city" / "card.json").read_bytes()
    with demo(folder, port) as (process, again):
        assert again == said
        process.terminate()
        process.communicate(timeout=STOPS_S)
    assert process.returncode == 0
    assert everything_stopped(port)
    assert (folder / "city" / "card.json").read_bytes() == card


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo city that was made and stopped before."""
    folder = tmp_path_factory.mktemp("made") / "demo"
    with demo(folder, free_port(PORTS)) as (process, _):
        process.terminate()
        process.communicate(timeout=STOPS_S)
    return folder


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [int(each) for each in listed.split()]


def test_a_child_that_crashes_ends_the_demo_with_its_name(made: Path) -> None:
    port = free_port(PORTS)
    with demo(made, port) as (process, _):
        (server,) = [
            pid
            for pid in children(process)
            if b"serve" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        ]
        os.kill(server, signal.SIGKILL)
        _, err = process.communicate(timeout=STOPS_S)
    assert process.returncode == 1
    assert "server ended" in err
    assert "Traceback" not in err
    assert everything_stopped(port)


def test_nothing_is_left_when_the_demo_itself_is_killed(made: Path) -> None:
    port = free_port(PORTS)
    with demo(made, port) as (process, _):
        assert len(children(process)) == PORTS
        process.kill()
        process.communicate(timeout=STOPS_S)
    assert everything_stopped(port)


def test_a_folder_with_something_else_is_left_alone(misto: Here, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("x")
    done = misto("demo", "--folder", tmp_path, "--port-base", free_port(PORTS), "--json")
    assert done.status == 1
    assert "not empty" in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_one_busy_app_port_is_enough(misto: Here, tmp_path: Path) -> None:
    port = free_port(PORTS)
    with socket.create_server((HOST, port + 2)):
        done = misto("demo", "--folder", tmp_path / "demo", "--port-base", port)
    done.assert_one_clear_line(f"port {port + 2} is in use")
    assert not (tmp_path / "demo").exists()

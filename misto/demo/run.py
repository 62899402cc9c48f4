"""Running the demo: one server and four apps, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from misto.cli.output import print_json, progress
from misto.demo.making import RESIDENT, make_demo
from misto.demo.processes import Family, family
from misto.demo.seed import load_seed
from misto.ports import check_free_port

HOST: Final = "127.0.0.1"


class App(NamedTuple):
    """One of the demo's apps: its profile inside the demo's folder, and what it is for."""

    name: str
    profile: str
    purpose: str
    fresh: bool = False
    """Has no profile yet: the app's first run makes it, from the city's card."""


APPS: Final = (
    App("resident", RESIDENT, "read the news, write to the city, see the answer"),
    App("desk", "city/profiles/desk", "open appeals, register them, answer"),
    App("newsroom", "city/profiles/newsroom", "publish news, places and outages"),
    App("editor", "city/profiles/editor", "the newsroom's second person: sign alerts"),
    App("newcomer", "newcomer", "a fresh phone: first run", fresh=True),
)


class _Stopped(Exception):
    """SIGINT, SIGTERM or SIGHUP came."""


def run_demo(folder: Path, port_base: int, as_json: bool) -> int:
    """Run the demo in `folder`, making it when it is not there; the exit status.

    Raises:
        PortBusy: one of the six ports is taken.
        FolderTaken: the folder holds something else.
        ChildEnded: one of the processes ended by itself.
    """
    for port in range(port_base, port_base + 1 + len(APPS)):
        check_free_port(HOST, port)
    with contextlib.suppress(_Stopped), _signals():
        server = f"http://{HOST}:{port_base}"
        _make_if_missing(folder, server, as_json)
        with family(folder / "logs") as processes:
            addresses = _start(processes, folder, port_base)
            _announce(folder, server, addresses, as_json)
            processes.watch()
    print("stopped; the city stays as it is", file=sys.stderr)
    return 0


def _make_if_missing(folder: Path, server: str, as_json: bool) -> None:
    made = [folder / each.profile for each in APPS if not each.fresh]
    if all((profile / "card.json").is_file() for profile in made):
        return
    seed = load_seed()
    print(f"making {seed.city} in {folder}, once …", file=sys.stderr)
    with progress(quiet=as_json) as show:
        make_demo(folder, seed, server, show)


def _start(processes: Family, folder: Path, port_base: int) -> dict[str, str]:
    server = f"http://{HOST}:{port_base}"
    arguments = ["serve", "--city", str(folder / "city"), "--port", str(port_base)]
    children = [processes.start("server", server, arguments)]
    children[0].wait_ready("/healthz")
    for port, each in enumerate(APPS, port_base + 1):
        arguments = _app_arguments(folder, each, port, server)
        children.append(processes.start(each.name, f"http://{HOST}:{port}", arguments))
    for child in children[1:]:
        child.wait_ready()
    return {child.name: child.url for child in children[1:]}


def _app_arguments(folder: Path, app: App, port: int, server: str) -> list[str]:
    where = ["--profile", str(folder / app.profile), "--server", server]
    card = ["--card", str(folder / "city" / "card.json")] if app.fresh else []
    return ["app", *where, "--web", "--port", str(port), *card]


def _announce(folder: Path, server: str, addresses: dict[str, str], as_json: bool) -> None:
    if as_json:
        print_json({"folder": str(folder), "server": server, "apps": addresses})
        sys.stdout.flush()
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("", "open in a browser", "what for"):
        table.add_column(column, no_wrap=column.startswith("open"))
    for each in APPS:
        table.add_row(each.name, addresses[each.name], each.purpose)
    table.add_row("server", server, "the city's mailbox; it cannot read appeals")
    console = Console()
    console.print(table)
    console.print(f"Each app has its own profile and database in {folder}. Ctrl-C stops all.")


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the block like Ctrl-C does, so that everything is stopped in order.

    Ctrl-C is named too: a shell starts what runs in the background with it ignored, and Python then
    raises nothing.
    """

    def stop(*_: object) -> None:
        raise _Stopped

    wanted = [
        getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
    ]
    before = [signal.signal(each, stop) for each in wanted]
    try:
        yield
    finally:
        for each, handler in zip(wanted, before, strict=True):
            signal.signal(each, handler)

"""`misto desk open311`: choosing what is public, exporting it, serving it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from misto.cli.errors import Problem
from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.office.publishing import Publication, Publisher
    from client.services.replica import Replica

app = typer.Typer(help="Open data by Open311 GeoReport v2: choose, export, serve.")
FORMS: Final = ("json", "xml")


@app.command("show")
def show(profile: Profile, pin_file: PinFile = None, as_json: Json = False) -> None:
    """Show what is chosen, and how much is public by it.

    JSON: lanes, categories, seen_only, with_position, requests (how many are public).
    """
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        _print(_publisher(replica, as_json), as_json)


@app.command("choose")
def choose(
    profile: Profile,
    lane: Annotated[
        list[str] | None, typer.Option("--lane", help="signal or appeal; repeatable.")
    ] = None,
    category: Annotated[
        list[str] | None, typer.Option("--category", help="A topic; repeatable.")
    ] = None,
    seen_only: Annotated[
        bool | None,
        typer.Option("--seen-only/--unseen-too", help="Only what an officer has looked at."),
    ] = None,
    position: Annotated[
        bool | None,
        typer.Option("--position/--no-position", help="About where, to a hundred metres."),
    ] = None,
    default: Annotated[bool, typer.Option("--default", help="The careful default again.")] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Choose what is public; what is not said stays as it was. JSON: as `open311 show`."""
    from client.services.office.publishing import Publication
    from misto.cli.profile import open_profile

    with open_profile(profile, pin_file) as replica:
        publisher = _publisher(replica, as_json)
        before = Publication() if default else publisher.choice()
        publisher.choose(_changed(before, lane, category, (seen_only, position)))
        _print(publisher, as_json)


@app.command("export")
def export(
    profile: Profile,
    folder: Annotated[
        Path, typer.Option("--to", metavar="DIR", help="Where to write.", show_default=False)
    ],
    form: Annotated[str, typer.Option("--format", help="json, xml or both.")] = "both",
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Write what is public to files: services and requests. JSON: a list of the files."""
    from misto.cli.output import print_json
    from misto.cli.profile import open_profile

    if form not in (*FORMS, "both"):
        raise Problem(f"--format is json, xml or both; not {form}")
    written: list[str] = []
    with open_profile(profile, pin_file) as replica:
        publisher = _publisher(replica, as_json)
        folder.mkdir(parents=True, exist_ok=True)
        for each in FORMS if form == "both" else (form,):
            for name, content in publisher.files(each).items():
                (folder / name).write_bytes(content)
                written.append(str(folder / name))
    if as_json:
        print_json(written)
    else:
        print("\n".join(f"written: {each}" for each in written))


@app.command("serve")
def serve(
    profile: Profile,
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65_535)] = 8311,
    pin_file: PinFile = None,
) -> None:
    """Serve what is public, read-only, until it is stopped; what is new shows by itself.

    A city puts its own web server before it: that one has TLS, and keeps crowds away.
    """
    from client.services.office.endpoint import Endpoint
    from misto.cli.profile import open_profile
    from misto.ports import check_free_port

    check_free_port(host, port)
    with open_profile(profile, pin_file) as replica:
        endpoint = Endpoint(_publisher(replica, quiet=False).snapshot)
        try:
            address = endpoint.start(host, port)
            print(
                f"open data at {address}/requests.json; Ctrl-C stops", file=sys.stderr, flush=True
            )
            _wait()
        finally:
            endpoint.stop()


def _wait() -> None:
    """Until somebody interrupts."""
    import signal
    import threading

    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    while not stopped.wait(3600):
        pass


def _publisher(replica: Replica, quiet: bool) -> Publisher:
    from client.services.notes import Notes
    from client.services.office.open311 import Agency
    from client.services.office.publishing import Publisher
    from misto.cli.office import language_of, live_of

    facts = replica.card.facts
    agency = Agency(facts.name, frozenset(facts.districts))
    return Publisher(live_of(replica, quiet), Notes(replica), agency, language_of(""))


def _changed(
    before: Publication,
    lanes: list[str] | None,
    categories: list[str] | None,
    switches: tuple[bool | None, bool | None],
) -> Publication:
    from msgspec.structs import replace

    from shared_schema.records.appeal import CATEGORIES, LANES

    seen_only, position = switches
    said: dict[str, Any] = {}
    if lanes is not None:
        said["lanes"] = _known("--lane", lanes, LANES)
    if categories is not None:
        said["categories"] = _known("--category", categories, CATEGORIES)
    if seen_only is not None:
        said["seen_only"] = seen_only
    if position is not None:
        said["with_position"] = position
    return replace(before, **said)


def _known(option: str, typed: list[str], known: tuple[str, ...]) -> tuple[str, ...]:
    for each in typed:
        if each not in known:
            raise Problem(f"{option} is one of {', '.join(known)}; not {each}")
    return tuple(each for each in known if each in typed)


def _print(publisher: Publisher, as_json: bool) -> None:
    from misto.cli.output import print_facts, print_json

    choice, count = publisher.choice(), len(publisher.snapshot().requests)
    if as_json:
        print_json(
            {
                "lanes": list(choice.lanes), "categories": list(choice.categories),
                "seen_only": choice.seen_only, "with_position": choice.with_position,
                "requests": count,
            }
        )  # fmt: skip
        return
    print_facts(
        [
            ("lanes", ", ".join(choice.lanes) or "none"),
            ("topics", ", ".join(choice.categories) or "none"),
            ("only seen", "yes" if choice.seen_only else "no"),
            ("position", "to a hundred metres" if choice.with_position else "none"),
            ("public now", str(count)),
        ]
    )

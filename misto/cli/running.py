"""`misto serve`, `misto app`, `misto demo`: what keeps running until it is stopped."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from misto.cli.options import Json, Profile

Port = Annotated[int, typer.Option("--port", min=1, max=65_535)]


def serve(
    city: Annotated[
        Path, typer.Option("--city", metavar="DIR", help="The city's folder.", show_default=False)
    ],
    host: Annotated[str, typer.Option("--host", help="Where to listen.")] = "127.0.0.1",
    port: Port = 8550,
    database_url: Annotated[
        str | None,
        typer.Option(
            "--database-url",
            metavar="URL",
            envvar="MISTO_DATABASE_URL",
            help="PostgreSQL instead of the folder's SQLite: postgresql://…",
            show_envvar=True,
        ),
    ] = None,
) -> None:
    """Run the city's server until it is stopped."""
    from misto.cli.errors import Problem
    from misto.ports import check_free_port

    for name in ("card.json", "server.key"):
        if not (city / name).is_file():
            raise Problem(f"{city} is no city folder: {name} is missing (misto city init makes it)")
    check_free_port(host, port)
    from sync_server.app import run
    from sync_server.settings import Settings

    settings = Settings(city=city, host=host, port=port, database_url=_with_driver(database_url))
    card = settings.card()
    settings.signer(card)  # what is wrong with the folder is said before anything else is
    address = f"http://{host}:{port}"
    print(f"serving {card.facts.name} at {address}; Ctrl-C stops", file=sys.stderr, flush=True)
    run(settings)


def app(
    profile: Profile,
    web: Annotated[bool, typer.Option("--web", help="In the browser, not in a window.")] = False,
    port: Port = 8551,
    server: Annotated[
        str | None,
        typer.Option("--server", metavar="URL", help="Else the first server of the city's card."),
    ] = None,
    card: Annotated[
        Path | None,
        typer.Option(
            "--card", metavar="FILE", help="A city's card, for a folder that is no profile yet."
        ),
    ] = None,
    every: Annotated[
        float | None,
        typer.Option(
            "--every",
            metavar="SECONDS",
            min=1.0,
            help="Between exchanges while somebody looks; else a minute.",
        ),
    ] = None,
) -> None:
    """Run the app on a profile; with a city card, on a folder where it makes one at first run."""
    from misto.cli.profile import check_profile, is_profile
    from misto.ports import check_free_port

    if card is None or is_profile(profile):
        check_profile(profile)
        card = None
    else:
        _check_new(profile, card)
    if web:
        check_free_port("127.0.0.1", port)
    from client.main import run

    run(profile, web=web, port=port, server=server, card=card, every_s=every)


def demo(
    folder: Annotated[Path, typer.Option("--folder", help="Where the demo city lives.")] = Path(
        ".demo"
    ),
    port_base: Annotated[
        int, typer.Option(min=1024, max=65_530, help="The server's port; the apps take the next 5.")
    ] = 8550,
    as_json: Json = False,
) -> None:
    """Run a whole made-up city on this computer: a server and five apps.

    Ctrl-C stops everything; the next start goes on with the same city. JSON, once all is up:
    folder, server, apps {resident, desk, newsroom, editor, newcomer}.
    """
    from misto.demo.run import run_demo

    raise typer.Exit(run_demo(folder, port_base, as_json))


def _check_new(profile: Path, card: Path) -> None:
    """What is wrong with the card or the folder is said here, before a window opens."""
    from misto.cli.profile import begun, read_card_file
    from misto.files import check_free
    from shared_schema.crypto.card import read_card

    if not begun(profile):
        check_free(profile)
    read_card(read_card_file(card))


def _with_driver(url: str | None) -> str | None:
    """SQLAlchemy takes a bare `postgresql://` for a driver that Misto does not use."""
    scheme, mark, rest = (url or "").partition("://")
    return f"postgresql+psycopg://{rest}" if mark and scheme in ("postgres", "postgresql") else url

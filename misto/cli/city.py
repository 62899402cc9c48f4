"""`misto city`: found a city."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from misto.cli import enrol, evidence
from misto.cli.options import Json

app = typer.Typer(help="Found a city; give roles to devices and end them.")
app.command("grant")(enrol.grant)
app.command("revoke")(enrol.revoke)
app.command("rotate")(enrol.rotate)
app.command("evidence")(evidence.check)


@app.callback()
def _group() -> None:
    """Found a city; give roles to devices and end them."""


@app.command("init")
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new folder.")],
    name: Annotated[str, typer.Option("--name", help="The city's name.", show_default=False)],
    server: Annotated[
        list[str] | None,
        typer.Option("--server", metavar="URL", help="A server's address; may be repeated."),
    ] = None,
    district: Annotated[
        list[str] | None,
        typer.Option("--district", metavar="NAME", help="A district; may be repeated."),
    ] = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue", metavar="NAME", help="A desk's queue; may be repeated, the main one first."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Make root, server, newsroom and desk keys, and the city card.

    JSON: folder, card, city, name, servers, districts, queues, profiles, expires_at_ms.
    """
    from misto.city import MAIN_QUEUE, init_city, profiles_of
    from misto.cli.output import print_facts, print_json, when

    queues = tuple(queue or (MAIN_QUEUE,))
    facts = {"servers": tuple(server or ()), "districts": tuple(district or ())}
    card = init_city(folder, name, **facts, queues=queues)
    profiles = {each: str(folder / "profiles" / each) for each in profiles_of(queues)}
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "card": str(folder / "card.json"),
                "city": card.city.hex(),
                "name": card.facts.name,
                "servers": list(card.facts.servers),
                "districts": list(card.facts.districts),
                "queues": list(card.facts.queues),
                "profiles": profiles,
                "expires_at_ms": card.expires_at_ms,
            }
        )
        return
    print_facts(
        [
            ("city", f"{card.facts.name} ({card.city.hex()})"),
            ("card", f"{folder / 'card.json'}, good until {when(card.expires_at_ms)}"),
            ("keys", f"{folder / 'keys'} and {profiles['enrolment']}: take them off this machine"),
            *profiles.items(),
            ("next", f"misto serve --city {folder}"),
        ]
    )

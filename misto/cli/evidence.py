"""`misto city evidence`: does a file prove that the city's server has contradicted itself?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from misto.cli.options import Json


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="As an app or `misto doctor --evidence` saves.")
    ],
    card: Annotated[Path, typer.Option("--card", help="The city's card.", show_default=False)],
    as_json: Json = False,
) -> None:
    """Check the proof of a split view: two statements signed for one feed and version.

    Needs no profile and no network. JSON: contradictions [{feed, version}].
    """
    from client.services.witness import check_evidence
    from misto.cli.errors import Problem
    from misto.cli.output import count, print_json
    from misto.cli.profile import read_card_file
    from shared_schema.crypto.card import read_card
    from shared_schema.errors import BadSignature, ProtocolError
    from shared_schema.limits import EVIDENCE_BYTES_MAX

    city = read_card(read_card_file(card))
    try:
        with file.open("rb") as stream:
            found = check_evidence(stream.read(EVIDENCE_BYTES_MAX + 1), city)
    except (BadSignature, ProtocolError) as error:
        raise Problem(f"{file} proves nothing against {city.facts.name}") from error
    if as_json:
        print_json({"contradictions": [{"feed": f.hex(), "version": v} for f, v in found]})
        return
    print(f"proven: {count(len(found), 'contradiction')}, signed by {city.facts.name}'s server")
    for feed, version in found:
        print(f"  feed {feed.hex()}, version {version}")

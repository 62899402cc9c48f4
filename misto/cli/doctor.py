"""`misto doctor`: is this profile sound, and if not, what can be saved?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from misto.cli.options import Json, PinFile, Profile

if TYPE_CHECKING:
    from client.services.inspect import Report

_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


def doctor(
    profile: Profile,
    export: Annotated[
        Path | None,
        typer.Option("--export", metavar="FILE", help="Write all readable changes to a file."),
    ] = None,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FILE", help="Write the proof of contradicting signatures."
        ),
    ] = None,
    rebuild: Annotated[
        bool,
        typer.Option("--rebuild", help="Make a new database of what is readable; keep the old."),
    ] = False,
    pin_file: PinFile = None,
    as_json: Json = False,
) -> None:
    """Look at integrity, outbox, heads, clock and versions; needs no PIN and changes nothing.

    Ends with status 1 when something is wrong. JSON: profile, ok, findings [{topic, level, text}]
    with levels ok, warning, error; readable, waiting, exported, rebuilt.
    """
    from client.services.inspect import examine
    from misto.cli.output import print_json
    from misto.cli.profile import check_profile

    check_profile(profile)
    if evidence is not None:
        _evidence(profile, evidence)
    exported = None if export is None else _export(profile, export)
    if rebuild:
        _rebuild(profile, pin_file)
    report = examine(profile)
    if as_json:
        print_json(
            {
                "profile": str(profile),
                "ok": report.sound,
                "findings": [
                    {"topic": each.topic, "level": each.level.value, "text": each.text}
                    for each in report.findings
                ],
                "readable": report.readable,
                "waiting": report.waiting,
                "exported": exported,
                "rebuilt": rebuild,
            }
        )
    else:
        _print(report, profile, exported)
    if not report.sound:
        raise typer.Exit(1)


def _print(report: Report, profile: Path, exported: int | None) -> None:
    from misto.cli.output import print_facts

    print_facts((f"{_MARKS[each.level]} {each.topic}", each.text) for each in report.findings)
    if exported is not None:
        print(f"\n{exported} changes exported, as sealed as they are")
    if report.sound:
        print("\nsound")
        return
    print("\nnot sound; copy the folder away first, then:")
    print(f"  misto doctor --profile {profile} --export FILE   keeps what can be read")
    print(f"  misto doctor --profile {profile} --rebuild       makes a new database of it")


def _export(profile: Path, target: Path) -> int:
    from client.services.rescue import export

    return export(profile, target)


def _evidence(profile: Path, target: Path) -> None:
    from client.keys.vault import write_durably
    from client.services.witness import evidence_in

    write_durably(target, evidence_in(profile))


def _rebuild(profile: Path, pin_file: Path | None) -> None:
    from client.services.rescue import rebuild
    from misto.cli.profile import read_pin

    rebuild(profile, pin=read_pin(pin_file)).close()

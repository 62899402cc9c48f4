"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Profile = Annotated[
    Path, typer.Option("--profile", metavar="DIR", help="The device's folder.", show_default=False)
]
PinFile = Annotated[
    Path | None,
    typer.Option(
        "--pin-file",
        metavar="FILE",
        help="A file with the profile's PIN on its first line (or the variable MISTO_PIN).",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
Reference = Annotated[
    str,
    typer.Argument(
        metavar="RECORD",
        help="The record's id, its first letters, or the number in the desk's journal.",
        show_default=False,
    ),
]
GuideReference = Annotated[
    str,
    typer.Argument(
        metavar="RECORD", help="The record's id or its first letters.", show_default=False
    ),
]
HoursValid = Annotated[
    float,
    typer.Option(
        "--hours-valid",
        min=0,
        max=24 * 366,
        help="May be relied on for so long; 0 never expires.",
    ),
]
Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="At most so many.")]
Offset = Annotated[int, typer.Option("--offset", min=0, help="Skip so many.")]
Lane = Annotated[
    str, typer.Option("--lane", help="appeal (identified, with legal terms) or signal.")
]
AppealKind = Annotated[str, typer.Option("--kind", help="proposal, application or complaint.")]
Category = Annotated[str, typer.Option("--category", help="What it is about, e.g. water.")]
Address = Annotated[str, typer.Option("--address", help="Where.")]
District = Annotated[str, typer.Option("--district", help="The city's district.")]
Contact = Annotated[str, typer.Option("--contact", help="How to reach them.")]

"""What commands print: tables and lines for people, JSON for programs.

Standard output carries the result and nothing else; progress and warnings go to standard error.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from client.services.types import Refusal

_REFUSAL_KEYS: Final = ("record", "kind", "reason", "text")


def print_json(value: Any) -> None:
    """One JSON document on one line; letters stay letters."""
    print(json.dumps(value, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]], empty: str) -> None:
    """A table that fits the terminal, or the line `empty` when there is nothing to show."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(_clean(cell)) for cell in row))
    if not table.row_count:
        print(empty)
        return
    # A pipe has no width of its own: let lines be as long as they are.
    console = Console() if sys.stdout.isatty() else Console(width=10_000)
    console.print(table, crop=False)


def print_facts(facts: Iterable[tuple[str, str]]) -> None:
    """Lines of `name  value`, aligned; facts without a value are left out."""
    shown = [(name, _clean(value)) for name, value in facts if value]
    width = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        first, *more = value.splitlines()
        print(f"{name:<{width}}  {first}")
        for line in more:
            print(f"{'':<{width}}  {line}")


def when(moment_ms: int | None) -> str:
    """Unix milliseconds as local date and time; empty for None and 0."""
    if not moment_ms:
        return ""
    try:
        moment = datetime.fromtimestamp(moment_ms / 1000).astimezone()
    except (OverflowError, ValueError, OSError):  # a clock years wrong can say anything
        return f"at {moment_ms} ms"
    return moment.strftime("%Y-%m-%d %H:%M")


def amount(size: int) -> str:
    """A number of bytes for people."""
    if size < 10_000:
        return f"{size:,} bytes"
    return f"{size / 1024:,.0f} KiB" if size < 10_000_000 else f"{size / 1024**2:,.1f} MiB"


def count(number: int, thing: str) -> str:
    """`1 change`, `2 changes`."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


@contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A progress line on standard error: call with the step's name, how much is done, of how much.

    Nothing is shown when `quiet`, or when standard error is not a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda step, done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

    tasks: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        yield show


def print_refusals(refusals: Iterable[Refusal], as_json: bool) -> None:
    """What the city refused, with its text. JSON: [{record, kind, reason, text}]."""
    rows = [(each.record, each.kind, each.reason, each.text) for each in refusals]
    if as_json:
        print_json([dict(zip(_REFUSAL_KEYS, row, strict=True)) for row in rows])
    else:
        print_table(_REFUSAL_KEYS, rows, "Nothing was refused.")


def _clean(text: str) -> str:
    """Without control characters: other people's words must not steer the terminal."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")

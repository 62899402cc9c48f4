"""Running a command and turning whatever goes wrong into one line and an exit status.

0 done · 1 it did not work · 2 the command was not understood · 130 interrupted.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Final

import typer

from misto.cli.app import build

FAILED: Final = 1
INTERRUPTED: Final = 130


def run(arguments: list[str]) -> int:
    """Run a command; the exit status."""
    command = typer.main.get_command(build())
    try:
        result = command.main(arguments or ["--help"], "misto", standalone_mode=False)
        sys.stdout.flush()
    except typer.TyperException as error:
        return _misunderstood(error)
    except (KeyboardInterrupt, typer.Abort):
        _say("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        # The reader (`| head`) has enough; leave nothing for the interpreter to flush into it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as error:  # noqa: BLE001 - the last line of defence: never a traceback
        return _failed(error)
    return result if isinstance(result, int) else 0


def _misunderstood(error: typer.TyperException) -> int:
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context is not None else ""
    _say(" ".join(error.format_message().split()) + hint)
    return error.exit_code


def _failed(error: Exception) -> int:
    from misto.cli.errors import explain

    if os.environ.get("MISTO_DEBUG"):
        traceback.print_exception(error)
    _say(explain(error))
    return FAILED


def _say(line: str) -> None:
    print(f"misto: {line}", file=sys.stderr)

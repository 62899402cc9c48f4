"""The command line starts fast: heavy packages are imported by the commands that need them."""

from __future__ import annotations

import subprocess
import sys

from tests.misto.support import environment

HEAVY = {"sqlalchemy", "cryptography", "fastapi", "uvicorn", "flet", "httpx", "tuf", "rich.table"}


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from misto.cli.app import build\n"
        "import typer\n"
        "typer.main.get_command(build())\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True
    )
    assert "misto.cli.appeal" in done.stdout.split()
    assert HEAVY & set(done.stdout.split()) == set()

"""`python -m sync_server --city DIR`: serve one city."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from shared_schema.errors import MistoError
from sync_server.app import run
from sync_server.settings import DEFAULT_PORT, Settings


def main() -> int:
    """Parse the command line and serve; 2 when the city folder will not do."""
    parser = argparse.ArgumentParser(prog="sync_server", description="Misto sync server")
    parser.add_argument("--city", type=Path, required=True, help="the city folder")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--database-url", default=None, help="default: SQLite in the city folder")
    parser.add_argument("--verbose", action="store_true", help="log what goes well too")
    given = parser.parse_args()
    settings = Settings(
        given.city, given.host, given.port, given.database_url, verbose=given.verbose
    )
    try:
        run(settings)
    except MistoError as error:
        sys.stderr.write(f"sync_server: {error.detail}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

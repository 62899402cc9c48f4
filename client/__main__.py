"""`python -m client --profile DIR`: the app on one profile."""

from __future__ import annotations

import argparse
import logging
from pathlib import Path

from client.main import run


def main() -> None:
    """Read the options and show the app."""
    parser = argparse.ArgumentParser(prog="python -m client", description=__doc__)
    parser.add_argument("--profile", type=Path, required=True, help="the device's folder")
    parser.add_argument("--server", help="the address to exchange with (default: the card's first)")
    parser.add_argument("--card", type=Path, help="the city card to begin with (default: built in)")
    parser.add_argument("--web", action="store_true", help="serve it to a browser here")
    parser.add_argument("--port", type=int, default=0, help="where, with --web")
    parser.add_argument(
        "--every", type=float, metavar="SECONDS", help="between exchanges while somebody looks"
    )
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    run(
        options.profile,
        server=options.server,
        web=options.web,
        port=options.port,
        card=options.card,
        every_s=options.every,
    )


if __name__ == "__main__":
    main()

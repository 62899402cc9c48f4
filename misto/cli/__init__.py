"""The `misto` command line: one module per command group, one clear line per error.

Nothing heavy is imported before a command needs it, so that `misto --help` answers at once.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command in `sys.argv`; what goes wrong is said in one line, with a non-zero status.

    MISTO_DEBUG=1 adds the traceback.
    """
    from misto.cli.run import run

    sys.exit(run(sys.argv[1:]))

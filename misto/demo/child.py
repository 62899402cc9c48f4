"""`python -m misto.demo.child …`: a `misto` command that ends with the process that started it.

The parent holds the other end of standard input. However the parent ends, SIGKILL included, the
pipe closes, and the child stops as on SIGTERM, or at once when that takes too long: nothing is left
listening.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import Final

_GRACE_S: Final = 10.0


def _stop_when_alone() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE_S)
    os._exit(1)


if __name__ == "__main__":
    threading.Thread(target=_stop_when_alone, daemon=True).start()
    from misto.cli import main

    main()

"""Where the server of `benchmarks.badlink` is, for both of its processes."""

from __future__ import annotations

from typing import Final

ADDRESS: Final = "10.231.7.2"
PORT: Final = 8099
TARGET: Final = f"http://{ADDRESS}:{PORT}"

"""A Chromium with tabs that hide one another, as a person has it.

Playwright makes every page that it opens believe that it is in sight and has the focus. A browser
that was started without it keeps its own mind, when Playwright only connects to it.
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import ARGS

START_S = 30.0


@contextlib.contextmanager
def first_tab(folder: Path, size: tuple[int, int]) -> Iterator[Page]:
    """The first tab of such a browser; `page.context.new_page()` opens another in front of it.

    Args:
        folder: where the browser keeps its profile.
    """
    path = shutil.which("chromium")
    assert path, "Chromium is not installed (scripts/browser.sh)"
    own = ("--headless", "--remote-debugging-port=0", f"--user-data-dir={folder}")
    command = [path, *own, *ARGS, "about:blank"]
    browser = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with sync_playwright() as playwright:
            address = f"http://127.0.0.1:{_port(folder, browser)}"
            connected = playwright.chromium.connect_over_cdp(address, no_defaults=True)
            page = connected.contexts[0].pages[0]
            page.set_viewport_size({"width": size[0], "height": size[1]})
            yield page
    finally:
        browser.terminate()
        browser.wait(START_S)


def _port(folder: Path, browser: subprocess.Popen[bytes]) -> int:
    """The port that the browser chose, which it writes down once it listens."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        assert browser.poll() is None, "Chromium did not start"
        with contextlib.suppress(OSError, IndexError):
            return int((folder / "DevToolsActivePort").read_text().splitlines()[0])
        time.sleep(0.05)
    raise AssertionError("Chromium does not say where it listens")

"""Filling in the form in tests."""

from __future__ import annotations

from tests.client.ui.headless import Window


async def fill(screen: Window, **fields: str) -> None:
    """Type into fields of the form."""
    for field, text in fields.items():
        await screen.type(f"write-{field}", text)


async def review(screen: Window) -> None:
    """On to the review."""
    await screen.click("write-review")
    await screen.until(lambda: screen.has("write-save"))


async def filled(screen: Window, title: str = "Яма", text: str = "Велика яма на дорозі") -> None:
    """A whole signal, up to its review."""
    await fill(screen, title=title, text=text)
    await review(screen)

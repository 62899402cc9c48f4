"""Under which name the city speaks to other systems."""

from __future__ import annotations

from datetime import tzinfo

from client.branding import Branding
from client.services.interchange.cap import CapSender, cap_of
from client.services.types import NewsView

UNNAMED = "misto.invalid"
"""For a city that has not said what its domain is (RFC 2606)."""


def cap_file(item: NewsView, branding: Branding, city: str, zone: tzinfo) -> tuple[str, bytes]:
    """The name and the content of a CAP file for an item's present state."""
    sender = CapSender(
        domain_of(branding), branding.organisation or city, area=city or branding.name, zone=zone
    )
    return f"misto-{item.record[:8]}.cap.xml", cap_of(item, sender)


def domain_of(branding: Branding) -> str:
    """The domain that the city owns: its app's id is that, backwards (flet.toml)."""
    return ".".join(reversed(branding.bundle_id.split("."))) or UNNAMED

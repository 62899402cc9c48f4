"""Which server a command talks to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from misto.cli.errors import Problem

if TYPE_CHECKING:
    from client.services.replica import Replica
    from client.transports.http import HttpTransport


def transport_to(replica: Replica, server: str | None) -> tuple[str, HttpTransport]:
    """The address and a transport to it: the one given, else the first on the city's card.

    Raises:
        Problem: neither names a server.
    """
    from client.transports.http import HttpTransport

    address = server or next(iter(replica.card.facts.servers), None)
    if address is None:
        raise Problem("the city's card names no server; give one with --server")
    if not address.startswith(("http://", "https://")):
        raise Problem(f"a server's address starts with https:// or http://: {address}")
    return address, HttpTransport(address)

"""A liar for `benchmarks.neighbours`: announces an address with a key that the door has not."""

from __future__ import annotations

import sys
import time

from client.transports import lan_discovery
from client.transports.lan_tls import Session
from shared_schema.sync.lan_address import LanAddress


def main(host: str, port: str) -> None:
    """Announce until killed; a line when it is done.

    The honest address is said over the liar's own interface, as whoever is on the Wi-Fi can.
    """
    own = lan_discovery.own_addresses()[0]
    really = lan_discovery._mdns
    setattr(lan_discovery, "_mdns", lambda _host: really(own))  # noqa: B010 - a liar may
    with lan_discovery.announced(LanAddress(host, int(port), Session().fingerprint)) as said:
        print("announced" if said else "mute", flush=True)
        time.sleep(600)


if __name__ == "__main__":
    main(*sys.argv[1:3])

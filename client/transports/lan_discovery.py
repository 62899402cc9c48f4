"""Finding neighbours on a local network by mDNS (RFC 6762, 6763).

What is announced is an address, a port and the session's key, under names drawn at random: nothing
of the device or the person, and nothing that stays the same tomorrow. Whoever is on the network may
announce whatever they like, so a key that was found is as good as its announcer; one that was
scanned off a screen is that screen's. Either carries only what proves itself.

Where the network passes on no multicast, an address is scanned or typed.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from shared_schema.sync.lan_address import SERVICE, LanAddress, NotALanAddress, read_address

if TYPE_CHECKING:
    from zeroconf import ServiceInfo, Zeroconf

FOUND_MAX: Final = 16
"""Neighbours listed at most; a flood of announcements fills a list and nothing else."""
_ASK_MS: Final = 1_500
_KEY: Final = "key"


def own_addresses() -> list[str]:
    """This device's IPv4 numbers on local networks, likeliest first: a hotspot's, a Wi-Fi's."""
    import ifaddr

    found: list[str] = []
    with suppress(OSError):
        for adapter in ifaddr.get_adapters():
            found += [each.ip for each in adapter.ips if isinstance(each.ip, str)]
    addresses = [ipaddress.IPv4Address(each) for each in found]
    local = [each for each in addresses if each.is_private and not each.is_loopback]
    return [str(each) for each in sorted(local, key=_likely)]


def _likely(address: ipaddress.IPv4Address) -> tuple[int, ipaddress.IPv4Address]:
    homes = ("192.168.0.0/16", "172.20.10.0/28", "10.0.0.0/8", "172.16.0.0/12")
    ranks = [n for n, home in enumerate(homes) if address in ipaddress.IPv4Network(home)]
    return (ranks or [len(homes)])[0], address


@contextmanager
def announced(address: LanAddress) -> Iterator[bool]:
    """Announce an address while the context lasts; gives whether that could be done."""
    from zeroconf import Error, ServiceInfo

    name = secrets.token_hex(4)
    info = ServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        addresses=[ipaddress.ip_address(address.host).packed],
        port=address.port,
        properties={_KEY: address.fingerprint},
        server=f"{name}.local.",
    )
    with _mdns(address.host) as mdns:
        said = False
        if mdns is not None:
            with suppress(OSError, Error):
                mdns.register_service(info)
                said = True
        yield said


def find(seconds: float, interface: str = "") -> list[LanAddress]:
    """The neighbours that announce themselves within some seconds; none where that is not possible.

    Args:
        interface: this device's number on the network to ask; empty for all of them.
    """
    from zeroconf import Error, ServiceBrowser, ServiceStateChange

    names: list[str] = []
    full = threading.Event()

    def heard(
        zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange
    ) -> None:
        if state_change is ServiceStateChange.Added and name not in names:
            names.append(name)
        if len(names) >= FOUND_MAX:
            full.set()

    with _mdns(interface) as mdns:
        if mdns is None:
            return []
        with suppress(OSError, Error):
            browser = ServiceBrowser(mdns, SERVICE, handlers=[heard])
            full.wait(seconds)
            browser.cancel()
        infos = [mdns.get_service_info(SERVICE, each, _ASK_MS) for each in names[:FOUND_MAX]]
    return list(dict.fromkeys(each for info in infos if info for each in _addresses(info)))


def _addresses(info: ServiceInfo) -> Iterator[LanAddress]:
    """What an announcement says, as far as it is an address on a local network."""
    key = (info.properties.get(_KEY.encode()) or b"").decode("ascii", "replace")
    for host in info.parsed_addresses()[:2]:
        told = f"[{host}]" if ":" in host else host
        with suppress(NotALanAddress):
            yield read_address(f"misto:lan/1/{told}:{info.port}/{key}")


@contextmanager
def _mdns(interface: str) -> Iterator[Zeroconf | None]:
    """Speaking mDNS; None where this device or its network does not let us."""
    from zeroconf import InterfaceChoice, IPVersion, Zeroconf

    where = [interface] if interface else InterfaceChoice.All
    version = IPVersion.V6Only if ":" in interface else IPVersion.V4Only
    try:
        if interface:
            _need(interface)
        mdns = Zeroconf(interfaces=where, ip_version=version)
    except (OSError, RuntimeError):
        yield None
        return
    try:
        yield mdns
    finally:
        mdns.close()


def _need(interface: str) -> None:
    """Raise OSError when this device has no such number: zeroconf would leave a socket behind."""
    family = socket.AF_INET6 if ":" in interface else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((interface, 0))

"""TCP ports: whether one can be had, said before anything is started on it."""

from __future__ import annotations

import errno
import os
import socket

from shared_schema.errors import MistoError


class PortBusy(MistoError):
    """Something else listens there already."""

    code = "port_busy"


def check_free_port(host: str, port: int) -> None:
    """Make sure that a server could listen on this port.

    Raises:
        PortBusy: another program does.
        OSError: the address is not this machine's, or not allowed.
    """
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        if os.name == "posix":  # as servers do: a port in TIME_WAIT counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortBusy(f"port {port} is in use; stop what uses it or choose another") from error

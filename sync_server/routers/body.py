"""Reading a body of known length, never more of it than the limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, Final

from fastapi import Request
from starlette.requests import ClientDisconnect

from shared_schema.errors import TooLarge
from sync_server.routers.problems import MEDIA_TYPE, NoLength, Unfinished

BODY_READ_S_MAX: Final = 600.0
"""Enough for a whole bundle at 60 kbit/s; after it a connection is only holding memory."""
_LENGTH_DIGITS_MAX: Final = 19
_BYTES: Final = {"schema": {"type": "string", "format": "binary"}}
BINARY: Final[dict[str, Any]] = {"requestBody": {"content": {"application/octet-stream": _BYTES}}}
"""How OpenAPI says that a body is bytes."""
PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    status: {"content": {MEDIA_TYPE: {}}} for status in (400, 408, 411, 413, 500, 503, 507)
}


async def read_body(request: Request, bytes_max: int) -> bytes:
    """The body of a request: uvicorn holds it to its Content-Length.

    Raises:
        NoLength: the length is not said beforehand. TooLarge: it is more than the limit.
        Unfinished: the body did not come whole, or not in time.
    """
    pieces: list[bytes] = []
    await read_pieces(request, bytes_max, pieces.append)
    return b"".join(pieces)


async def read_pieces(request: Request, bytes_max: int, take: Callable[[bytes], None]) -> None:
    """Hand on the same body as it comes, to one who keeps what has come before a cut.

    Raises:
        NoLength, TooLarge, Unfinished: see `read_body`. Whatever `take` raises.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or len(length) > _LENGTH_DIGITS_MAX:
        raise NoLength("send a Content-Length")
    if int(length) > bytes_max:
        raise TooLarge(f"a bundle has at most {bytes_max} bytes")
    try:
        async with asyncio.timeout(BODY_READ_S_MAX):
            async for piece in request.stream():
                take(piece)
    except (ClientDisconnect, TimeoutError) as error:
        raise Unfinished("the body did not come whole") from error

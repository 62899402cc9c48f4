"""`POST /v1/exchange`: one bundle up, one bundle down."""

from __future__ import annotations

import asyncio
import logging
from time import perf_counter
from typing import Final

from fastapi import APIRouter, Request, Response

from shared_schema.errors import MistoError
from shared_schema.limits import BUNDLE_BYTES_MAX
from shared_schema.sync.bundle import decode_request
from shared_schema.sync.receive import Incoming, changes_of, open_request, read_request
from sync_server.routers.body import BINARY, PROBLEMS, read_body
from sync_server.routers.problems import FAULT, fault, problem_of
from sync_server.services.city import City

log = logging.getLogger("misto.exchange")
router: Final = APIRouter()
INLINE_BYTES_MAX: Final = 32 * 1024
"""Bundles up to this size are decoded on the event loop; a thread would cost more."""
INLINE_CHANGES_MAX: Final = 64


@router.post(
    "/v1/exchange",
    response_class=Response,
    openapi_extra=BINARY,
    responses=PROBLEMS,
)
async def exchange(request: Request) -> Response:
    """Take a request bundle, make its changes durable, and answer with a signed reply bundle."""
    city: City = request.app.state.city
    try:
        reply = await answer_exchange(city, await read_body(request, BUNDLE_BYTES_MAX))
    except MistoError as error:
        city.metrics.refused(error.code)
        return problem_of(error)
    except Exception:
        log.exception("exchange failed")  # answered here, so that the connection lives on
        city.metrics.refused(FAULT)
        return fault()
    return Response(reply)


async def answer_exchange(city: City, raw: bytes) -> bytes:
    """The signed reply to a request bundle, whose changes are durable by then.

    Raises:
        MistoError: it is no request, or it could not be stored.
    """
    started = perf_counter()
    incoming = await _read(raw)
    outcomes = await city.committer.admit(incoming) if incoming.runs else []
    city.metrics.judged(outcomes)
    reply = await asyncio.to_thread(city.service.reply, incoming, outcomes)
    city.metrics.answered(len(raw), len(reply), perf_counter() - started)
    return reply


async def _read(raw: bytes) -> Incoming:
    """Decode a bundle, on the event loop when that is quick: what it unpacks to decides, too."""
    if len(raw) > INLINE_BYTES_MAX:
        return await asyncio.to_thread(read_request, raw)
    request = decode_request(raw)
    if changes_of(request) > INLINE_CHANGES_MAX:
        return await asyncio.to_thread(open_request, request)
    return open_request(request)

"""`POST /v1/exchange`: one bundle up, one bundle down."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from time import perf_counter
from typing import Final

from fastapi import APIRouter, Request, Response

from shared_schema.errors import MistoError, TooLarge
from shared_schema.limits import BUNDLE_BYTES_MAX
from shared_schema.sync.receive import read_request
from sync_server.routers.problems import problem, problem_of
from sync_server.services.city import City

router: Final = APIRouter()
INLINE_BYTES_MAX: Final = 32 * 1024
"""Bundles up to this size are decoded on the event loop; a thread would cost more."""


@router.post(
    "/v1/exchange",
    response_class=Response,
    openapi_extra={"requestBody": {"content": {"application/octet-stream": {}}}},
    responses={400: {}, 411: {}, 413: {}, 503: {}, 507: {}},
)
async def exchange(request: Request) -> Response:
    """Take a request bundle, make its changes durable, and answer with a signed reply bundle."""
    city: City = request.app.state.city
    started = perf_counter()
    try:
        raw = await _body(request)
        reply = await _answer(city, raw)
    except MistoError as error:
        city.metrics.refused(error.code)
        return problem_of(error)
    if reply is None:
        return problem(HTTPStatus.LENGTH_REQUIRED, "length_required", "send a Content-Length")
    city.metrics.answered(len(raw or b""), len(reply), perf_counter() - started)
    return Response(reply)


async def _answer(city: City, raw: bytes | None) -> bytes | None:
    if raw is None:
        return None
    if len(raw) <= INLINE_BYTES_MAX:
        incoming = read_request(raw)
    else:
        incoming = await asyncio.to_thread(read_request, raw)
    outcomes = await city.committer.admit(incoming) if incoming.runs else []
    city.metrics.judged(outcomes)
    return await asyncio.to_thread(city.service.reply, incoming, outcomes)


async def _body(request: Request) -> bytes | None:
    """The body, never more than the limit; None when its length is not said beforehand."""
    length = request.headers.get("content-length")
    if length is None or not length.isdecimal():
        return None
    if int(length) > BUNDLE_BYTES_MAX:
        raise TooLarge(f"a bundle has at most {BUNDLE_BYTES_MAX} bytes")
    return await request.body()

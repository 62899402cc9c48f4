"""What a server says about itself: its city's card, its health, its metrics."""

from __future__ import annotations

import asyncio
from typing import Final

from fastapi import APIRouter, Request, Response

from sync_server.routers.problems import problem_of
from sync_server.services.city import City
from sync_server.storage.base import StoreFailed

router: Final = APIRouter()


@router.get("/v1/card", response_class=Response)
async def card(request: Request) -> Response:
    """The city card. Its signatures count, not the place it was fetched from."""
    city: City = request.app.state.city
    return Response(city.card.raw, media_type="application/json")


@router.get("/healthz", response_class=Response, responses={503: {}})
async def healthz(request: Request) -> Response:
    """Whether the store answers."""
    city: City = request.app.state.city
    try:
        await asyncio.to_thread(city.service.probe)
    except StoreFailed as error:
        return problem_of(error)
    return Response(b"ok\n", media_type="text/plain")


@router.get("/metrics", response_class=Response)
async def metrics(request: Request) -> Response:
    """Prometheus metrics. They name no device, no scope and no text."""
    city: City = request.app.state.city
    body, media_type = city.metrics.render()
    return Response(body, media_type=media_type)

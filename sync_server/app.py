"""Composition root of the sync server."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

import uvicorn
from fastapi import FastAPI, Request
from fastapi.exceptions import HTTPException as FastApiError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from sync_server.logs import log_config
from sync_server.routers import about, carry, exchange, part
from sync_server.routers.problems import fault, problem
from sync_server.services.city import City
from sync_server.services.exchange import ExchangeService
from sync_server.services.group_commit import GroupCommitter
from sync_server.services.intake import Quota
from sync_server.services.metrics import Metrics
from sync_server.settings import Settings
from sync_server.storage.sql import SqlStore

log = logging.getLogger("misto.app")
_GARBAGE_MIN: Final = 20_000
"""Objects made and not freed before the collector looks."""


def create_app(settings: Settings) -> FastAPI:
    """The application for a city folder.

    Raises:
        BadCityFolder, CardError, NewerDatabase: the server cannot run like this.
    """
    card = settings.card()
    signer = settings.signer(card)
    store = SqlStore(settings.url)
    metrics = Metrics()
    quota = Quota(settings.changes_per_day_max, settings.bytes_per_day_max)
    service = ExchangeService(store, signer, card, system_ms, quota)
    committer = GroupCommitter(service.admit, metrics.grouped)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        log.info("started", extra={"city": card.facts.name})
        yield
        await committer.close()
        store.close()
        log.info("stopped")

    app = FastAPI(title="Misto sync server", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.city = City(card, service, committer, metrics)
    app.include_router(exchange.router)
    app.include_router(carry.router)
    app.include_router(part.router)
    app.include_router(about.router)
    app.add_exception_handler(HTTPException, _http_problem)
    app.add_exception_handler(FastApiError, _http_problem)
    app.add_exception_handler(Exception, _fault)
    return app


def run(settings: Settings) -> None:
    """Serve until told to stop."""
    app = create_app(settings)
    _spare_the_collector()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_config=log_config(settings.verbose),
        server_header=False,
        date_header=False,
        backlog=2048,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=10,
    )


def _spare_the_collector() -> None:
    """Keep the garbage collector from looking through all loaded modules again and again.

    It costs a fifth of the time when many devices come at once; requests make hardly a cycle.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_GARBAGE_MIN, 20, 20)


def system_ms() -> int:
    """The server's wall clock, in Unix milliseconds."""
    return time.time_ns() // 1_000_000


async def _http_problem(_request: Request, error: Exception) -> Response:
    status = HTTPStatus(getattr(error, "status_code", 500))
    code = status.name.lower()
    return problem(status, code, str(getattr(error, "detail", status.phrase)))


async def _fault(_request: Request, _error: Exception) -> Response:
    return fault()

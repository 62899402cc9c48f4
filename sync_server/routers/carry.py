"""`POST /v1/carry`: a courier bundle of requests up, a courier bundle of replies down."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Final

from fastapi import APIRouter, Request, Response

from shared_schema.errors import MistoError
from shared_schema.limits import CARRY_BYTES_MAX
from shared_schema.sync.courier import Item, answer_item
from shared_schema.sync.receive import Incoming
from sync_server.routers.body import BINARY, PROBLEMS, read_body
from sync_server.routers.problems import FAULT, fault, problem_of
from sync_server.services.carrying import Batch, answer, read_batch
from sync_server.services.city import City
from sync_server.services.group_commit import Outcomes

log = logging.getLogger("misto.carry")
router: Final = APIRouter()
Said = list[tuple[int, Incoming, Outcomes]]


@router.post("/v1/carry", response_class=Response, openapi_extra=BINARY, responses=PROBLEMS)
async def carry(request: Request) -> Response:
    """Take the requests of many devices from a courier, and answer those that came whole."""
    city: City = request.app.state.city
    try:
        reply = await answer_batch(city, await read_body(request, CARRY_BYTES_MAX))
    except MistoError as error:
        city.metrics.refused(error.code)
        return problem_of(error)
    except Exception:
        log.exception("carry failed")
        city.metrics.refused(FAULT)
        return fault()
    return Response(reply)


async def answer_batch(city: City, raw: bytes) -> bytes:
    """The courier bundle of replies to a courier bundle of requests.

    Raises:
        MistoError: it is no such bundle, or none of it could be stored.
    """
    batch = await asyncio.to_thread(read_batch, raw, city.card.city)
    said = await _admitted(city, batch)
    reply = await asyncio.to_thread(answer, city.card.city, _replies(city, said))
    city.metrics.carried(len(said), batch.refused, batch.left + len(batch.requests) - len(said))
    return reply


async def _admitted(city: City, batch: Batch) -> Said:
    """The requests whose changes are durable by now, with their verdicts.

    They wait for the same commit as everybody else's. One that could not be stored is left out;
    when none could, the courier learns why.
    """
    jobs = (_admit(city, each) for _, each in batch.requests)
    ended = await asyncio.gather(*jobs, return_exceptions=True)
    said: Said = []
    errors: list[BaseException] = []
    for (place, incoming), outcome in zip(batch.requests, ended, strict=True):
        if isinstance(outcome, BaseException):
            errors.append(outcome)
        else:
            city.metrics.judged(outcome)
            said.append((place, incoming, outcome))
    if errors and not said:
        raise errors[0]
    return said


async def _admit(city: City, incoming: Incoming) -> Outcomes:
    return await city.committer.admit(incoming) if incoming.runs else []


def _replies(city: City, said: Said) -> Iterator[Item]:
    for place, incoming, outcomes in said:
        yield answer_item(place, city.service.reply(incoming, outcomes))

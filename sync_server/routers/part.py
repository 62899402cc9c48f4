"""`POST /v1/part`: a post to one of the other doors in pieces, each kept as far as it has come."""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from fastapi import APIRouter, Request, Response

from shared_schema.errors import MistoError, ProtocolError
from shared_schema.limits import CARRY_BYTES_MAX
from shared_schema.sync.part import CARRY_DOOR, PART_HEAD_BYTES, PartHead, decode_part
from sync_server.routers.body import BINARY, PROBLEMS, read_pieces
from sync_server.routers.carry import answer_batch
from sync_server.routers.exchange import answer_exchange
from sync_server.routers.problems import FAULT, fault, problem_of
from sync_server.services.city import City
from sync_server.services.parts import Parts, Post, answer_to

log = logging.getLogger("misto.part")
router: Final = APIRouter()


class _Taking:
    """One part as it comes: what of it is here counts, cut or not."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._start = b""
        self._place = 0
        self.opened: tuple[PartHead, Post] | None = None

    def take(self, piece: bytes) -> None:
        """The next piece of the body; raises what `decode_part` raises."""
        if self.opened is None:
            self._start += piece
            if len(self._start) < PART_HEAD_BYTES:
                return
            head = decode_part(self._start)
            self.opened = head, self._parts.open(head)
            self._place, piece = head.offset, self._start[PART_HEAD_BYTES:]
        self._place = self._parts.put(self.opened[1], self._place, piece)


@router.post("/v1/part", response_class=Response, openapi_extra=BINARY, responses=PROBLEMS)
async def part(request: Request) -> Response:
    """Take a piece of a post, say how much of it is here, and answer the post once it is whole."""
    city: City = request.app.state.city
    try:
        taking = _Taking(city.parts)
        await read_pieces(request, PART_HEAD_BYTES + CARRY_BYTES_MAX, taking.take)
        if taking.opened is None:
            raise ProtocolError("no part")
        head, post = taking.opened
        if post.whole and not post.reply:
            await _judge(city, head, post)
        return Response(answer_to(head, post))
    except MistoError as error:
        city.metrics.refused(error.code)
        return problem_of(error)
    except Exception:
        log.exception("part failed")
        city.metrics.refused(FAULT)
        return fault()


async def _judge(city: City, head: PartHead, post: Post) -> None:
    """Answer a whole post as its door does; a store that is busy is asked again by the next part.

    Once for all who ask meanwhile, and never again for one that was refused: a question has a few
    bytes, and what it asks about may cost as much as the largest post.
    """
    if post.judging is None:
        answer = answer_batch if post.door == CARRY_DOOR else answer_exchange
        post.judging = asyncio.create_task(answer(city, bytes(post.body)))
    judging = post.judging
    try:
        reply = await asyncio.shield(judging)
    except ProtocolError:
        city.parts.drop(head.post)
        raise
    finally:
        if judging.done() and post.judging is judging:
            post.judging = None
    if not post.reply:
        city.parts.answered(post, reply)

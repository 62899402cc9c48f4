"""Problem details (RFC 9457) for what is wrong with a whole request; changes get verdicts."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from shared_schema.errors import BadSignature, MistoError, ProtocolError, TooLarge
from shared_schema.sync.carried import OtherCity
from sync_server.services.group_commit import Busy, NotStored
from sync_server.storage.base import StoreFailed, StoreFull

FAULT: Final = "fault"
MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:misto:problem:"
RETRY_AFTER_S: Final = 5
_PASSING: Final = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.INSUFFICIENT_STORAGE)


class NoLength(MistoError):
    """A body whose length is not said beforehand is not read."""

    code = "length_required"


class Unfinished(MistoError):
    """The body did not come whole, or not in time."""

    code = "unfinished"


STATUS_OF: Final[dict[type[MistoError], HTTPStatus]] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    NoLength: HTTPStatus.LENGTH_REQUIRED,
    Unfinished: HTTPStatus.REQUEST_TIMEOUT,
    BadSignature: HTTPStatus.BAD_REQUEST,
    OtherCity: HTTPStatus.BAD_REQUEST,
    ProtocolError: HTTPStatus.BAD_REQUEST,
    StoreFull: HTTPStatus.INSUFFICIENT_STORAGE,
    StoreFailed: HTTPStatus.SERVICE_UNAVAILABLE,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    NotStored: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""In order: the first class that fits decides."""


def problem(status: HTTPStatus, code: str, detail: str) -> Response:
    """A problem response; those that will pass say when to come back."""
    body = {
        "type": TYPE_PREFIX + code,
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }
    headers = {"retry-after": str(RETRY_AFTER_S)} if status in _PASSING else {}
    raw = json.dumps(body, ensure_ascii=False).encode()
    return Response(raw, int(status), headers, MEDIA_TYPE)


def fault() -> Response:
    """What a client learns of a mistake of ours; the log has the rest."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, FAULT, "the server made a mistake")


def problem_of(error: MistoError) -> Response:
    """The problem response for an error of ours."""
    fits = (status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    status = next(fits, HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(status, error.code, error.detail)

"""Problem details (RFC 9457) for what is wrong with a whole request; changes get verdicts."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Final

from starlette.responses import Response

from shared_schema.errors import BadSignature, MistoError, ProtocolError, TooLarge
from sync_server.services.group_commit import Busy, NotStored

MEDIA_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:misto:problem:"
RETRY_AFTER_S: Final = 5

STATUS_OF: Final[dict[type[MistoError], HTTPStatus]] = {
    TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    BadSignature: HTTPStatus.BAD_REQUEST,
    ProtocolError: HTTPStatus.BAD_REQUEST,
    Busy: HTTPStatus.SERVICE_UNAVAILABLE,
    NotStored: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""In order: the first class that fits decides."""


def problem(status: HTTPStatus, code: str, detail: str) -> Response:
    """A problem response; 503 says when to come back."""
    body = {
        "type": TYPE_PREFIX + code,
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
    }
    headers = {"retry-after": str(RETRY_AFTER_S)} if status == 503 else {}
    raw = json.dumps(body, ensure_ascii=False).encode()
    return Response(raw, int(status), headers, MEDIA_TYPE)


def problem_of(error: MistoError) -> Response:
    """The problem response for an error of ours."""
    fits = (status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    status = next(fits, HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, NotStored) and _disk_is_full(error.__cause__):
        status = HTTPStatus.INSUFFICIENT_STORAGE
    return problem(status, error.code, error.detail)


def _disk_is_full(cause: BaseException | None) -> bool:
    text = str(cause).lower()
    return "disk is full" in text or "no space left" in text or "disk full" in text

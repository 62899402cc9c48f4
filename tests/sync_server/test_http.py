"""The HTTP edge: unfinished bodies, faults of ours, what is logged, and the published schema."""

from __future__ import annotations

import json
import logging
import socket
import sys
from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from sync_server.logs import JsonLines
from sync_server.routers import body
from tests.sync_server.serving import Served, serving
from tests.sync_server.town import Town

HEAD = b"POST /v1/exchange HTTP/1.1\r\nHost: x\r\nContent-Length: "


@pytest.fixture
def served(town: Town) -> Iterator[Served]:
    with serving(town) as running:
        yield running


def test_a_client_that_goes_away_in_the_middle_leaves_no_error_behind(
    town: Town, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    raw = town.ask(town.resident, town.resident.appeal()).raw
    for length in (0, 1, len(raw) // 2, len(raw) - 1):
        with socket.create_connection(served.address) as connection:
            connection.sendall(HEAD + b"%d\r\n\r\n" % len(raw) + raw[:length])
    assert served.post(raw).status_code == 200
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_body_that_never_comes_is_not_waited_for_without_end(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(body, "BODY_READ_S_MAX", 0.1)
    answer = served.raw_head(HEAD + b"500\r\n\r\n" + b"only this")
    assert answer.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("length", [b"-1", b"1e3", b"x", b"9" * 5_000, b"18446744073709551616"])
def test_an_odd_content_length_is_a_4xx(served: Served, length: bytes) -> None:
    assert served.raw_head(HEAD + length + b"\r\n\r\nxx")[9:10] == b"4"


def test_a_fault_of_ours_is_a_problem_and_shows_no_traceback(
    town: Town, served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> bytes:
        raise KeyError("secret detail")

    monkeypatch.setattr(type(served.app.state.city.service), "reply", fault)
    response = served.post(town.ask(town.resident, town.resident.appeal()).raw)
    assert response.status_code == 500
    assert response.json()["type"] == "urn:misto:problem:fault"
    assert "secret detail" not in response.text
    monkeypatch.undo()
    assert served.post(town.ask(town.resident).raw).status_code == 200


def test_an_empty_exchange_costs_at_most_350_bytes(town: Town, served: Served) -> None:
    raw = town.ask(town.resident).raw
    request = b"POST /v1/exchange HTTP/1.1\r\nHost: 127.0.0.1:8550\r\nContent-Length: %d\r\n\r\n"
    answer = served.raw_head(request % len(raw) + raw)
    assert answer.startswith(b"HTTP/1.1 200")
    assert len(request % len(raw)) + len(raw) + len(answer) <= 350


def test_a_log_line_is_one_json_object_with_its_extra_fields() -> None:
    try:
        raise ValueError("inner")
    except ValueError:
        record = logging.LogRecord("misto.x", 40, "f", 1, "failed %d", (3,), sys.exc_info())
    record.requests = 7
    text = JsonLines().format(record)
    line = json.loads(text)
    assert "\n" not in text
    assert (line["event"], line["level"], line["requests"]) == ("failed 3", "error", 7)
    assert "ValueError: inner" in line["traceback"]


def test_whatever_fits_the_published_schema_is_answered_as_it_says(town: Town) -> None:
    with serving(town) as served:
        schema = schemathesis.openapi.from_dict(served.client.get("/openapi.json").json())
        schema.config.update(base_url=str(served.client.base_url))
        operations = [found.ok() for found in schema.get_all_operations()]
        assert {operation.path for operation in operations} >= {"/v1/exchange", "/v1/card"}
        for operation in operations:
            check(operation)


def check(operation: schemathesis.schemas.APIOperation) -> None:
    @given(case=operation.as_strategy())
    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    def answers(case: schemathesis.Case) -> None:
        response = case.call()
        assert response.status_code < 500
        assert str(response.status_code) in operation.definition.raw["responses"]

    answers()

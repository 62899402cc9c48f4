"""The same act on many cases: one bad one never blocks its neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from client.services.office.asked import Done
from client.services.replica import Replica
from client.storage.errors import StorageError
from shared_schema.errors import MistoError


def each(replica: Replica, records: Iterable[str], act: Callable[[str], Any]) -> Done:
    """Do an act on each of these records, once, and commit them together.

    One durable commit instead of hundreds; what fails is rolled back alone.

    Raises:
        StorageError: the commit did not come about, and nothing was done.
    """
    done: list[str] = []
    failed: list[tuple[str, str]] = []
    with replica.store.writing() as connection:
        for record in dict.fromkeys(records):
            connection.execute("SAVEPOINT act")
            try:
                act(record)
                done.append(record)
            except StorageError:
                raise
            except MistoError as error:
                connection.execute("ROLLBACK TO act")
                failed.append((record, error.code))
            connection.execute("RELEASE act")
    return Done(tuple(done), tuple(failed))

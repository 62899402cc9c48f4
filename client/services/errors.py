"""Errors of the services: what a person asked for cannot be done, and why."""

from __future__ import annotations

from shared_schema.errors import MistoError
from shared_schema.ids import ID_BYTES


class UnknownRecord(MistoError):
    """There is no such record on this replica, or this device cannot open it."""

    code = "unknown_record"


class NotAllowed(MistoError):
    """This device has not the role that this takes."""

    code = "not_allowed"


class NotGrantable(MistoError):
    """A role cannot be given, ended or handed keys like this; the detail says why."""

    code = "not_grantable"


class InvitationClosed(MistoError):
    """Another device has joined by this invitation, or a desk has dismissed it."""

    code = "invitation_closed"


class SecondPerson(MistoError):
    """Somebody else has to sign what this device has written."""

    code = "second_person"


class TooLate(MistoError):
    """The desk has registered the appeal, or it has been withdrawn: this can no longer be done."""

    code = "too_late"


class TooEarly(MistoError):
    """The city has not answered yet: there is nothing to rate."""

    code = "too_early"


def record_id(record: str | bytes) -> bytes:
    """The 16 bytes of a record's id, from hex as views carry it.

    Raises:
        UnknownRecord: it is no id at all.
    """
    try:
        raw = bytes.fromhex(record) if isinstance(record, str) else record
    except ValueError as error:
        raise UnknownRecord(str(record)) from error
    if len(raw) != ID_BYTES:
        raise UnknownRecord(raw.hex())
    return raw

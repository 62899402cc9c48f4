"""Saying what went wrong in one line that a person can act on."""

from __future__ import annotations

import errno
from typing import Final

from shared_schema.errors import MistoError


class Problem(MistoError):
    """Something the command line itself found wrong; `detail` is the line to print."""

    code = "problem"


_ADVICE: Final = {
    "pin_needed": "this profile is locked with a PIN; give it with --pin-file or in MISTO_PIN",
    "wrong_pin": "wrong PIN",
    "pin_too_short": "the PIN is too short",
    "bad_card": "this is not a city card that can be trusted",
    "profile_exists": "there is a device in this folder already",
    "database_damaged": "the database is damaged; `misto doctor` says what can be saved",
    "database_newer": "a newer Misto has used this profile; this one would harm it",
    "storage_full": "the disk is full; nothing was lost, free some space and try again",
    "storage_busy": "another program has been writing to this profile for long; try again",
    "storage_read_only": "this profile may not be written to",
    "bad_signature": "the answer is not signed by this city's server; nothing was changed",
    "nothing_contradicts": "this device has seen no contradicting signatures: there is no proof",
    "malformed": "the answer is not Misto's; nothing was changed",
    "unreachable": "the server cannot be reached",
    "server_refused": "the server did not take it; nothing was lost",
    "reply_too_large": "the answer is larger than any can be; nothing was changed",
    "not_a_lan_address": "this is no address of a neighbour's device",
    "no_local_network": "this device is on no Wi-Fi or hotspot; --host names another address",
    "wrong_peer": "another device answers at this address; scan or type the address anew",
    "cut": "the connection broke; what is whole was taken, run it again",
    "unknown_record": "no such record on this device",
    "other_city": "this belongs to another city; nothing of it was taken",
    "not_allowed": "this device has not the role that this takes",
    "bad_invitation": "this is no invitation, or it was damaged: ask for it again",
    "invitation_closed": "this invitation was used by another device, or the desk has ended it;"
    " ask the desk for a new one",
    "not_grantable": "this cannot be done to a device's role",
    "second_person": "an alert has to be signed by another person than the one who wrote it",
    "too_late": "the appeal is registered, withdrawn or refused: this can no longer be done",
    "too_early": "the city has not answered yet: there is nothing to rate",
    "too_large": "too large",
    "no_spreadsheets": "XLSX needs the package XlsxWriter (the extra `office`); --csv does without",
    "bad_query": "this is no filter",
    "no_decoder": "pictures cannot be read here: install zbar (Debian: apt install libzbar0)",
    "not_a_picture": "this is no picture that can be read: JPEG, PNG and GIF are",
    "cannot_serve": "it cannot be served there",
    "slip_word": "this word is on no slip and in no invitation; look at its first letters again",
    "slip_count": "a slip or an invitation has nine words",
    "slip_check": "these words do not belong together: one is wrong, or two have changed places, "
    "or they are another city's",
    "no_room": "this device carries as much as it may; hand over what it has first",
    "bad_payload": "the city's rules do not allow this text",
}
"""By the error's code. The error's own detail follows when it says more."""


def advice(code: str) -> str:
    """What an error's code means, in words; the code itself where there are none."""
    return _ADVICE.get(code, code.replace("_", " "))


def explain(error: Exception) -> str:
    """One line about an error, whatever it is."""
    if isinstance(error, Problem):
        return error.detail
    if isinstance(error, MistoError):
        return _of_ours(error)
    if isinstance(error, OSError):
        return _of_the_system(error)
    if _family(error) == "httpx":
        return f"the server cannot be reached: {_flat(error)}"
    if _family(error) in ("sqlite3", "sqlalchemy"):
        return f"the database cannot be used: {_flat(error)}"
    return f"unexpected {type(error).__name__}: {_flat(error)} (MISTO_DEBUG=1 shows where)"


def _of_ours(error: MistoError) -> str:
    detail = _flat(error)
    advice = _ADVICE.get(error.code)
    if advice is None:
        return detail if detail != error.code else error.code.replace("_", " ")
    return advice if detail in ("", error.code) else f"{advice} ({detail})"


def _of_the_system(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return _ADVICE["storage_full"]
    place = f"{error.filename}: " if error.filename else ""
    return place + (error.strerror or _flat(error) or type(error).__name__).lower()


def _family(error: Exception) -> str:
    return type(error).__module__.partition(".")[0]


def _flat(error: Exception) -> str:
    """The error's own words on one line, without what SQLAlchemy adds below the first."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].strip()

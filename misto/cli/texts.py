"""Reading people's words from options and files, and saying at once what is too long."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from misto.cli.errors import Problem
from shared_schema.limits import SHORT_CHARS_MAX, TEXT_CHARS_MAX, TITLE_CHARS_MAX
from shared_schema.records.appeal import STATUSES, Status

NUMBER_CHARS_MAX: Final = 64
_STANDARD_INPUT: Final = Path("-")
_READ_BYTES_MAX: Final = TEXT_CHARS_MAX * 4 + 3
"""The longest text in UTF-8, with a byte order mark."""


def text_of(text: str | None, file: Path | None) -> str:
    """The text given as an option or in a file (`-` is standard input): exactly one of the two.

    Raises:
        Problem: none or both, not UTF-8, a binary file, empty, or too long.
    """
    if (text is None) == (file is None):
        raise Problem("give the text with --text or with --text-file, one of the two")
    if file is not None:
        text = _decode(str(file), _read(file))
    assert text is not None
    text = text.strip()
    if not text:
        raise Problem(f"{file or 'the text'}: empty")
    return _checked("the text", text, TEXT_CHARS_MAX)


def title_of(title: str) -> str:
    """A title without blanks around it.

    Raises:
        Problem: empty or too long.
    """
    title = title.strip()
    if not title:
        raise Problem("the title is empty")
    return _checked("the title", title, TITLE_CHARS_MAX)


def short(name: str, value: str) -> str:
    """A short field without blanks around it.

    Raises:
        Problem: too long.
    """
    return _checked(name, value.strip(), SHORT_CHARS_MAX)


def _checked(name: str, value: str, chars_max: int) -> str:
    if len(value) > chars_max:
        raise Problem(f"{name} has {len(value):,} characters; {chars_max:,} are allowed")
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        raise Problem(f"{name} is not valid text (the terminal's encoding is not UTF-8?)")
    return value


def _read(file: Path) -> bytes:
    if file == _STANDARD_INPUT:
        return sys.stdin.buffer.read(_READ_BYTES_MAX + 1)
    with file.open("rb") as opened:
        return opened.read(_READ_BYTES_MAX + 1)


def _decode(name: str, raw: bytes) -> str:
    if len(raw) > _READ_BYTES_MAX:
        raise Problem(f"{name}: too long; {TEXT_CHARS_MAX:,} characters are allowed")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Problem(f"{name}: not a text in UTF-8") from error
    if "\0" in text:
        raise Problem(f"{name}: a binary file, not a text")
    return text


def number_of(number: str) -> str:
    """A number in the desk's journal.

    Raises:
        Problem: empty or too long.
    """
    number = number.strip()
    if not number:
        raise Problem("the number is empty")
    return _checked("the number", number, NUMBER_CHARS_MAX)


def status_of(value: str) -> Status:
    """A status that the desk can set.

    Raises:
        Problem: there is no such status.
    """
    for status in STATUSES:
        if value == status:
            return status
    raise Problem(f"the status is one of {', '.join(STATUSES)}; not {value!r}")

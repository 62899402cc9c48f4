"""What a code is that a camera has read: one of ours, of another city, or none of Misto's.

It is told by the text alone and cheaply: nothing is stretched, opened or believed here. Whoever the
code is for checks it as if it had been typed.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from client.services.scanning.pictures import check_decoder, texts_in
from shared_schema.crypto.slip import QR_PREFIX, SlipMismatch, read_slip
from shared_schema.errors import MistoError
from shared_schema.sync.carried import OtherCity
from shared_schema.sync.courier import city_of
from shared_schema.sync.frames import PREFIX as FRAME_PREFIX
from shared_schema.sync.frames import Frame, read_frame
from shared_schema.sync.invitation import CODE_PREFIX, check_city
from shared_schema.sync.lan_address import PREFIX as ADDRESS_PREFIX
from shared_schema.sync.lan_address import read_address

Kind = Literal["slip", "invitation", "address", "frame", "other_city", "newer", "foreign"]
"""`newer`: it says that it is Misto's, and this version does not know it. `foreign`: neither."""
_OURS: Final = "misto:"


class Found(NamedTuple):
    """A code that was read."""

    kind: Kind
    text: str


class Scanner:
    """Reads pictures for the people of one city."""

    def __init__(self, city: bytes) -> None:
        self._city = city

    def check(self) -> None:
        """Make sure that pictures can be read here.

        Raises:
            NoDecoder: they cannot.
        """
        check_decoder()

    def look(self, picture: bytes) -> tuple[Found, ...]:
        """The codes in a picture.

        Raises:
            NoDecoder, NotAPicture: see `pictures`.
        """
        return tuple(Found(kind_of(text, self._city), text) for text in texts_in(picture))


def kind_of(text: str, city: bytes) -> Kind:
    """What a text is that was read from a code, for a device of this city."""
    for prefix, kind in _KINDS.items():
        if text.lower().startswith(prefix):
            return _checked(kind, text, city)
    return "newer" if text.lower().startswith(_OURS) else "foreign"


def _checked(kind: Kind, text: str, city: bytes) -> Kind:
    """A code has checksums of its own, so what does not fit was not misread: it is another's."""
    try:
        if kind == "slip":
            read_slip(text, city)
        elif kind == "invitation":
            check_city(text, city)
        elif kind == "address":
            read_address(text)
        elif _is_of_another(read_frame(text), city):
            return "other_city"
    except (SlipMismatch, OtherCity):
        return "other_city"
    except MistoError:
        return "foreign"
    return kind


def _is_of_another(frame: Frame, city: bytes) -> bool:
    """Only the first frame tells: it is the first piece as it is. The others tell at the end."""
    return frame.number == 0 and city_of(frame.piece) not in (None, city)


_KINDS: Final[dict[str, Kind]] = {
    QR_PREFIX: "slip",
    CODE_PREFIX: "invitation",
    ADDRESS_PREFIX: "address",
    FRAME_PREFIX.lower(): "frame",
}

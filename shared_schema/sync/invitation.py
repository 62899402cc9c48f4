"""Invitation codes: the secret of an invitation's key on paper, and the invitation with it.

The secret is one of a claim slip, so it is written, typed and checked as one: nine words that fit
together and belong to the city. A QR code holds the signed `trust.invited` beside it, so that a
device without a network can check whom it is invited by, and bring the invitation to the server.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared_schema.crypto.signing import Signer
from shared_schema.crypto.slip import SECRET_BYTES, Slip, read_slip, secrets_of_slip
from shared_schema.errors import MistoError
from shared_schema.ids import PUBLIC_KEY_BYTES, TRUST, device_id, scope_id
from shared_schema.limits import INVITE_TEXT_CHARS_MAX
from shared_schema.records.kinds import BY_NAME, decode_payload
from shared_schema.sync.carried import OtherCity
from shared_schema.sync.change import Change, decode, signature_holds

CODE_PREFIX: Final = "misto:invite/1/"
_KIND: Final = BY_NAME["trust.invited"]
_SEED_INFO: Final = b"misto/invitation/1\0"
_SEED_BYTES: Final = 32


class BadInvitation(MistoError):
    """The code is damaged, or it is not what a desk has signed."""

    code = "bad_invitation"


class Enclosed(NamedTuple):
    """The invitation that came with a code: authentic, not yet judged."""

    public_key: bytes
    """Of the device that invited."""
    change: Change


@dataclass(frozen=True, slots=True, repr=False)
class InvitationCode:
    """What is on the paper. Never printed by accident."""

    slip: Slip
    enclosed: Enclosed | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The nine words."""
        return self.slip.words

    @property
    def text(self) -> str:
        """The text of the QR code; of a code that was typed there is none."""
        if self.enclosed is None:
            return ""
        raw = self.slip.secret + self.enclosed.public_key + self.enclosed.change.raw
        return CODE_PREFIX + base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def signer(self) -> Signer:
        """The invitation's key: 64 MiB and a tenth of a second, as with every slip."""
        secret = secrets_of_slip(self.slip).device_secret
        return Signer(HKDF(SHA256(), _SEED_BYTES, b"", _SEED_INFO).derive(secret))


def read_code(text: str, city: bytes) -> tuple[InvitationCode, Signer]:
    """The code that somebody typed, pasted or scanned, and the invitation's key.

    Raises:
        MistoError: see `slip.read_slip`, of words. BadInvitation: it is damaged or not signed.
        OtherCity: another city's desk invites.
    """
    if len(text) > INVITE_TEXT_CHARS_MAX:
        raise BadInvitation("too long")
    squeezed = "".join(text.split())
    at = squeezed.find(CODE_PREFIX)
    if at < 0:
        code = InvitationCode(read_slip(text, city))
        return code, code.signer()
    code = _decoded(squeezed[at + len(CODE_PREFIX) :], city)
    signer = code.signer()
    _check(code, signer, city)
    return code, signer


def check_city(text: str, city: bytes) -> None:
    """Make sure that a scanned code invites into this city. Cheap, and nothing is believed.

    Raises:
        BadInvitation: it is damaged, or there is no invitation with it. OtherCity: see `read_code`.
    """
    squeezed = "".join(text[:INVITE_TEXT_CHARS_MAX].split())
    code = _decoded(squeezed.removeprefix(CODE_PREFIX), city)
    assert code.enclosed is not None
    if code.enclosed.change.scope != scope_id(city, TRUST):
        raise OtherCity


def _decoded(letters: str, city: bytes) -> InvitationCode:
    try:
        raw = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
        key, change = _split(raw)
        return InvitationCode(Slip(raw[:SECRET_BYTES], city), Enclosed(key, decode(change)))
    except (binascii.Error, ValueError, MistoError) as error:
        raise BadInvitation("damaged") from error


def _split(raw: bytes) -> tuple[bytes, bytes]:
    end = SECRET_BYTES + PUBLIC_KEY_BYTES
    return raw[SECRET_BYTES:end], raw[end:]


def _check(code: InvitationCode, signer: Signer, city: bytes) -> None:
    """That the invitation is for this key, and signed by whom it says."""
    assert code.enclosed is not None
    public_key, change = code.enclosed
    if change.scope != scope_id(city, TRUST):
        raise OtherCity
    if (change.kind, change.kind_version) != (_KIND.number, _KIND.version) or change.sealed:
        raise BadInvitation("no invitation")
    if device_id(public_key) != change.device or not signature_holds(change, public_key):
        raise BadInvitation("not signed")
    try:
        invited = decode_payload(_KIND, change.body)
    except MistoError as error:
        raise BadInvitation("damaged") from error
    if invited.key != signer.public_key.hex():
        raise BadInvitation("another key")

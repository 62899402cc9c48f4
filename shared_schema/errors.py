"""Errors that a caller may meet. Their `code` is stable, their text is for people who debug."""

from __future__ import annotations


class MistoError(Exception):
    """Anything Misto reports as an error of its own; `code` is a stable slug."""

    code = "error"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail or self.code)
        self.detail = detail or self.code


class ProtocolError(MistoError):
    """The peer's bytes break the protocol: the whole bundle is unusable."""

    code = "malformed"


class TooLarge(ProtocolError):
    """The peer's bytes exceed a limit; nothing past the limit was parsed."""

    code = "too_large"


class BadSignature(ProtocolError):
    """A signature that covers the whole of a bundle, statement or card does not verify."""

    code = "bad_signature"


class SealError(MistoError):
    """A sealed body that does not open: wrong key, wrong header, or damaged bytes."""

    code = "cannot_open"


class PayloadError(MistoError):
    """The plain payload of a change is not what its kind says."""

    code = "bad_payload"


class CardError(MistoError):
    """A city card that does not verify, or lacks something it must have."""

    code = "bad_card"

"""The key of a session with neighbours, and TLS 1.3 by it (RFC 8446).

Whoever serves makes an Ed25519 key for this session alone, in memory; it names neither the device
nor the person, and is gone with the session. A neighbour knows the key's fingerprint from a screen
or from the network, and TLS makes the server prove that it has the key: its signature covers what
the visitor has just drawn at random (CertificateVerify). So there is no authority, and no
certificate says anything: the one that carries the key is empty and as old as it likes.
"""

from __future__ import annotations

import datetime
import secrets
import ssl
import tempfile
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
)

from shared_schema.errors import MistoError
from shared_schema.sync.lan_address import fingerprint

_ALWAYS: Final = (
    datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC),
    datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.UTC),
)
"""A certificate must say how long it holds; no clock is asked, here or there."""


class WrongPeer(MistoError):
    """It has not the key that was scanned: another device has taken its address, or plays its part.

    Nothing was given to it.
    """

    code = "wrong_peer"


class Session:
    """The key of a session, and the server's side of TLS by it."""

    def __init__(self) -> None:
        key = Ed25519PrivateKey.generate()
        self.fingerprint = fingerprint(key.public_key().public_bytes_raw())
        self.context = _context(ssl.PROTOCOL_TLS_SERVER)
        self.context.num_tickets = 0  # nobody comes back to a session that is over
        password = secrets.token_hex(32).encode()
        sealed = key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(password)
        )
        # Python takes keys from files only: it lies there for a moment, under a password.
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "session.pem"
            file.write_bytes(_certificate(key) + sealed)
            self.context.load_cert_chain(file, password=password)


def visitor_context() -> ssl.SSLContext:
    """The visitor's side of TLS. It believes any key: `check_peer` is what decides."""
    context = _context(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def check_peer(connection: ssl.SSLSocket, expected: str) -> None:
    """Make sure that the other side has the key with this fingerprint.

    Raises:
        WrongPeer: it has not.
    """
    shown = connection.getpeercert(binary_form=True) or b""
    try:
        key = x509.load_der_x509_certificate(shown).public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise WrongPeer("no key") from error
    raw = key.public_bytes_raw() if isinstance(key, Ed25519PublicKey) else b""
    if not secrets.compare_digest(fingerprint(raw), expected):
        raise WrongPeer("the key is another one")


def _context(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _certificate(key: Ed25519PrivateKey) -> bytes:
    begin, end = _ALWAYS
    nobody = x509.Name([])
    made = (
        x509.CertificateBuilder()
        .subject_name(nobody)
        .issuer_name(nobody)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .sign(key, None)
    )
    return made.public_bytes(Encoding.PEM)

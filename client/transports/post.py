"""A post that goes on after a cut where it stopped. No I/O: parts out, pieces of answers in."""

from __future__ import annotations

import secrets

from shared_schema.errors import MistoError, ProtocolError
from shared_schema.sync.part import (
    ANSWER_HEAD_BYTES,
    DOOR_BYTES_MAX,
    POST_ID_BYTES,
    TAG_BYTES,
    PartHead,
    decode_answer,
    encode_part,
)


class ReplyTooLarge(MistoError):
    """The server's answer exceeds what any bundle may have; the rest was not read."""

    code = "reply_too_large"


class Post:
    """One bundle on its way to one door, and its reply on its way back."""

    def __init__(self, door: int, raw: bytes) -> None:
        self.door = door
        self.raw = raw
        self._id = secrets.token_bytes(POST_ID_BYTES)
        self._have = 0
        self._sure = True
        self._reply = bytearray()
        self._reply_bytes = 0
        self._tag = bytes(TAG_BYTES)
        self._head: bytes | None = b""
        """What has come of an answer's head; None once it has been read."""

    @property
    def moved(self) -> int:
        """Bytes that are known to have got through, both ways."""
        return self._have + len(self._reply)

    @property
    def reply(self) -> bytes | None:
        """The reply, once it is whole."""
        whole = self._reply_bytes and len(self._reply) == self._reply_bytes
        return bytes(self._reply) if whole else None

    def next_part(self, piece_max: int = 0) -> bytes:
        """What to send now: the bundle's next bytes (all of them for 0).

        After a cut, a question, because nobody knows how much of the last part has arrived.
        """
        self._head = b""
        end = self._have + piece_max if piece_max else len(self.raw)
        piece = self.raw[self._have : end] if self._sure else b""
        head = PartHead(self.door, self._id, len(self.raw), self._have, len(self._reply), self._tag)
        self._sure = False  # until the server says how much it has
        return encode_part(head) + piece

    def take(self, piece: bytes) -> None:
        """The next piece of the answer, which may be cut anywhere.

        Raises:
            ReplyTooLarge: the reply is longer than any may be. ProtocolError: this is no answer.
        """
        if self._head is not None:
            self._head += piece
            if len(self._head) < ANSWER_HEAD_BYTES:
                return
            self._begin(self._head)
            piece, self._head = self._head[ANSWER_HEAD_BYTES:], None
        self._reply += piece
        if len(self._reply) > self._reply_bytes:
            raise ProtocolError("more than the reply")

    def _begin(self, raw: bytes) -> None:
        answer = decode_answer(raw)
        if answer.have > len(self.raw):
            raise ProtocolError("the server has more than there is")
        if answer.total > DOOR_BYTES_MAX[self.door]:
            raise ReplyTooLarge(f"more than {DOOR_BYTES_MAX[self.door]} bytes")
        if answer.tag != self._tag:
            self._reply.clear()
        self._have, self._sure = answer.have, True
        self._reply_bytes, self._tag = answer.total, answer.tag

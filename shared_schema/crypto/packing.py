"""Payload text to compact bytes and back: charset, then zstd with the shipped dictionary.

The first byte of packed bytes names how they were packed, so that later dictionaries and charsets
can join without a flag day:

    0  UTF-8                      2  UTF-8, a zstd block with dictionary 1
    1  windows-1251               3  windows-1251, a zstd block with dictionary 1

Ukrainian takes two bytes a letter in UTF-8 and one in windows-1251, and zstd profits from that
even on top of a dictionary; text with letters outside it (emoji, say) falls back to UTF-8.
A text is one block of zstd, and what a frame writes around it says nothing that is not known: it is
left out and put back by the reader, with a window of 64 KiB, so that a block can never grow beyond
that. Frames of sections are magicless and carry their content size, which is checked before
anything is allocated.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import zstandard

from shared_schema.errors import PayloadError, TooLarge
from shared_schema.limits import BODY_UNPACKED_BYTES_MAX

DICTIONARY_NUMBER: Final = 1
_LEGACY: Final = "cp1251"
_UTF8: Final = "utf-8"
_ZSTD: Final = 2
_LEGACY_BIT: Final = 1
_TEXT_WINDOW_LOG: Final = 16  # 64 KiB: the dictionary and a usual text, or the longest text alone
_TEXT_FRAME: Final = bytes((0, _TEXT_WINDOW_LOG - 10 << 3))  # no size, no checksum, that window
_BLOCK_HEAD_BYTES: Final = 3
_LAST_COMPRESSED: Final = 5  # type 2 and the mark of the last block; the size stands above these
_SECTION_LEVEL: Final = 3
_DICTIONARY_HELPS_BYTES_MAX: Final = 128 * 1024
_STREAM_BLOCK_BYTES_MIN: Final = 2 * 1024
_STREAM_READ_BYTES: Final = 64 * 1024
_STREAM_WINDOW_BYTES_MAX: Final = 8 * 1024 * 1024
_MAGICLESS: Final = zstandard.FORMAT_ZSTD1_MAGICLESS


class CutFrame(PayloadError):
    """A compressed frame whose end is missing; what came of it in front of that is good."""


def pack_open(text: str) -> bytes:
    """Pack a public payload: charset only; the bundle around it is compressed as a whole."""
    charset, raw = _encode(text)
    return bytes((charset,)) + raw


def pack_sealed(text: str) -> bytes:
    """Pack a payload that is about to be sealed: nothing can compress it afterwards."""
    charset, raw = _encode(text)
    block = _compress_block(raw)
    if not block or len(block) >= len(raw):
        return bytes((charset,)) + raw
    return bytes((charset | _ZSTD,)) + block


def unpack(packed: bytes, bytes_max: int) -> str:
    """The text in `packed`.

    Raises:
        TooLarge: it would unpack to more than `bytes_max` bytes.
        PayloadError: an unknown packing, a damaged frame, or invalid text.
    """
    if not packed or packed[0] > (_ZSTD | _LEGACY_BIT):
        raise PayloadError("unknown packing")
    how, raw = packed[0], packed[1:]
    if how & _ZSTD:
        raw = _decompress_block(raw)
    if len(raw) > bytes_max:
        raise TooLarge("payload")
    try:
        return raw.decode(_LEGACY if how & _LEGACY_BIT else _UTF8)
    except UnicodeDecodeError as error:
        raise PayloadError("invalid text") from error


def compress_section(raw: bytes) -> bytes:
    """Compress a bundle's section, quickly; the frame is magicless and carries its size."""
    codecs = _codecs()
    small = len(raw) <= _DICTIONARY_HELPS_BYTES_MAX
    return (codecs.small if small else codecs.large).compress(raw)


def decompress_section(frame: bytes, bytes_max: int) -> bytes:
    """The section in `frame`; see `unpack` for the errors."""
    return _decompress(frame, bytes_max)


def compress_stream(pieces: Iterable[bytes]) -> bytes:
    """One frame of all the pieces, from which whole pieces come out although its end is missing.

    A block ends after a piece whenever enough has gathered: what is in front of it can be read
    without what is behind it.
    """
    stream = _codecs().stream.compressobj()
    out: list[bytes] = []
    waiting = 0
    for piece in pieces:
        out.append(stream.compress(piece))
        waiting += len(piece)
        if waiting >= _STREAM_BLOCK_BYTES_MIN:
            out.append(stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK))
            waiting = 0
    out.append(stream.flush())
    return b"".join(out)


def decompress_stream(frame: bytes) -> Iterator[bytes]:
    """What a frame holds, in small pieces: whoever reads them stops when it is enough.

    Memory stays small whatever the frame claims.

    Raises:
        CutFrame: its end is missing. PayloadError: the frame is damaged here. The pieces in front
            of either are good.
    """
    reader = _codecs().stream_decompressor.stream_reader(frame)
    try:
        while piece := reader.read(_STREAM_READ_BYTES):
            yield piece
    except zstandard.ZstdError as error:
        raise PayloadError("damaged compressed frame") from error
    if not _ends(frame):
        raise CutFrame("compressed frame")


def _ends(frame: bytes) -> bool:
    """Whether a magicless frame has its last block in full (RFC 8878, 3.1.1).

    The library's reader takes the end of its input for that of the frame.
    """
    if not frame:
        return False
    single, dictionary, size = frame[0] >> 5 & 1, frame[0] & 3, frame[0] >> 6
    at = 1 + (1 - single) + (0, 1, 2, 4)[dictionary] + (single, 2, 4, 8)[size]
    last = False
    while not last and at + _BLOCK_HEAD_BYTES <= len(frame):
        head = int.from_bytes(frame[at : at + _BLOCK_HEAD_BYTES], "little")
        last, repeated = bool(head & 1), head >> 1 & 3 == 1
        at += _BLOCK_HEAD_BYTES + (1 if repeated else head >> 3)
    return last and at <= len(frame)


def _encode(text: str) -> tuple[int, bytes]:
    try:
        return _LEGACY_BIT, text.encode(_LEGACY)
    except UnicodeEncodeError:
        return 0, text.encode(_UTF8)


def _compress_block(raw: bytes) -> bytes:
    """The one block of a text, without frame; empty when it is not one compressed block."""
    if len(raw) > BODY_UNPACKED_BYTES_MAX:
        return b""
    frame = _codecs().sealed.compress(raw)
    start = len(_TEXT_FRAME) + _BLOCK_HEAD_BYTES
    block = frame[start:]
    return block if frame[len(_TEXT_FRAME) : start] == _block_head(block) else b""


def _decompress_block(block: bytes) -> bytes:
    """The text of a block; its window says that it can be no longer than a text may be."""
    if len(block) > BODY_UNPACKED_BYTES_MAX:
        raise TooLarge("compressed block")
    frame = _TEXT_FRAME + _block_head(block) + block
    try:
        return _codecs().decompressor.decompress(frame, max_output_size=BODY_UNPACKED_BYTES_MAX)
    except zstandard.ZstdError as error:
        raise PayloadError("damaged compressed block") from error


def _block_head(block: bytes) -> bytes:
    return (len(block) << 3 | _LAST_COMPRESSED).to_bytes(_BLOCK_HEAD_BYTES, "little")


def _decompress(frame: bytes, bytes_max: int) -> bytes:
    try:
        size = zstandard.get_frame_parameters(frame, format=_MAGICLESS).content_size
        if size > bytes_max:  # also true for "unknown", which is 2**64 - 1
            raise TooLarge("compressed frame")
        return _codecs().decompressor.decompress(frame, max_output_size=max(size, 1))
    except zstandard.ZstdError as error:
        raise PayloadError("damaged compressed frame") from error


@cache
def _dictionary() -> zstandard.ZstdCompressionDict:
    path = files("shared_schema.crypto") / "dictionaries" / f"{DICTIONARY_NUMBER}.zdict"
    return zstandard.ZstdCompressionDict(path.read_bytes())


class _Codecs(threading.local):
    """zstd contexts of one thread: they are quick to reuse and must not be shared."""

    def __init__(self) -> None:
        dictionary = _dictionary()
        self.sealed = zstandard.ZstdCompressor(
            dict_data=dictionary, compression_params=_text_parameters()
        )
        self.small = _make_compressor(_SECTION_LEVEL, dictionary)
        self.large = _make_compressor(_SECTION_LEVEL, None)
        self.stream = _make_compressor(_SECTION_LEVEL, dictionary, sized=False)
        self.decompressor = zstandard.ZstdDecompressor(dict_data=dictionary, format=_MAGICLESS)
        self.stream_decompressor = zstandard.ZstdDecompressor(
            dict_data=dictionary, format=_MAGICLESS, max_window_size=_STREAM_WINDOW_BYTES_MAX
        )


@cache
def _codecs() -> _Codecs:
    return _Codecs()


def _text_parameters() -> zstandard.ZstdCompressionParameters:
    """As small as level 16 makes short texts, in 14 us: level 5 takes 4 us and 5 bytes of 165 more.

    No size of the source is told: zstd would shrink the window below the dictionary.
    """
    return zstandard.ZstdCompressionParameters(
        format=_MAGICLESS,
        window_log=_TEXT_WINDOW_LOG,
        chain_log=16,
        hash_log=15,
        search_log=4,
        min_match=5,
        target_length=32,
        strategy=zstandard.STRATEGY_BTLAZY2,
        write_content_size=False,
        write_checksum=False,
        write_dict_id=False,
    )


def _make_compressor(
    level: int, dictionary: zstandard.ZstdCompressionDict | None, *, sized: bool = True
) -> zstandard.ZstdCompressor:
    parameters = zstandard.ZstdCompressionParameters.from_level(
        level,
        format=_MAGICLESS,
        write_content_size=sized,
        write_checksum=False,
        write_dict_id=False,
    )
    return zstandard.ZstdCompressor(dict_data=dictionary, compression_params=parameters)

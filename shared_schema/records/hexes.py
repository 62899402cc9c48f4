"""Bytes inside payloads: JSON has none, so keys, ids and signatures are lower-case hex."""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from shared_schema.ids import ID_BYTES, PUBLIC_KEY_BYTES

_SIGNATURE_BYTES: Final = 64

HexKey = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{2 * PUBLIC_KEY_BYTES}}}\Z")]
HexBox = Annotated[str, msgspec.Meta(pattern=rf"^([0-9a-f]{{{2 * PUBLIC_KEY_BYTES}}})?\Z")]
HexId = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{2 * ID_BYTES}}}\Z")]
HexSignature = Annotated[str, msgspec.Meta(pattern=rf"^[0-9a-f]{{{2 * _SIGNATURE_BYTES}}}\Z")]

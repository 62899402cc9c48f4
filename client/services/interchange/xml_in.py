"""XML from strangers, read by expat with everything switched off that has ever been an attack.

No document type, so no entities, neither expanding nor external (the "billion laughs" and "XXE" of
CWE-776 and CWE-611): all of them need a declaration, and the first one ends the reading. Size is
limited before the parser sees a byte, depth and counts while it reads.
"""

from __future__ import annotations

from typing import Final, NamedTuple
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from client.services.interchange.problems import Unreadable, must_fit

ENCODINGS: Final = frozenset(
    ("utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "iso-8859-1",
     "iso-8859-5", "windows-1251", "cp1251", "koi8-u", "koi8-r")
)  # fmt: skip
"""What a document may call its encoding: never one of Python's codecs that are no alphabet."""


class XmlLimits(NamedTuple):
    """The most that is read of one document."""

    bytes: int = 2 * 1024 * 1024
    depth: int = 32
    elements: int = 20_000
    attributes: int = 64
    """Of one element."""


def parse_xml(raw: bytes, limits: XmlLimits | None = None) -> Element:
    """The root of a document; names are `{namespace}local`, as ElementTree writes them.

    Raises:
        Unreadable: it is too large, too deep or has too many elements; it declares a document
            type; its encoding is not one of ours; or it is not well-formed.
    """
    limits = limits or XmlLimits()
    must_fit(raw, limits.bytes)
    reader = _Reader(limits)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True
    parser.XmlDeclHandler = _declared
    parser.StartDoctypeDeclHandler = _doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.builder.data
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise Unreadable("xml_broken", value=str(error)) from error
    return reader.builder.close()


class _Reader:
    def __init__(self, limits: XmlLimits) -> None:
        self.builder = TreeBuilder()
        self._limits = limits
        self._depth = 0
        self._elements = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > self._limits.depth:
            raise Unreadable("xml_deep", limit=self._limits.depth)
        if self._elements > self._limits.elements:
            raise Unreadable("xml_many", limit=self._limits.elements)
        if len(attributes) > self._limits.attributes:
            raise Unreadable("xml_many", limit=self._limits.attributes)
        self.builder.start(_name(name), {_name(key): text for key, text in attributes.items()})

    def end(self, name: str) -> None:
        self._depth -= 1
        self.builder.end(_name(name))


def _name(name: str) -> str:
    return "{" + name if "}" in name else name


def _declared(_version: str, encoding: str | None, _standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise Unreadable("xml_encoding", value=encoding)


def _doctype(name: str, _system: str | None, _public: str | None, _internal: int) -> None:
    raise Unreadable("xml_doctype", value=name)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def space(element: Element) -> str:
    """An element's namespace; empty when it has none."""
    return element.tag[1:].partition("}")[0] if element.tag.startswith("{") else ""


def text_of(parent: Element, tag: str) -> str:
    """The text of the first child of that name, with all that is inside of it; or empty."""
    child = parent.find(tag)
    return "" if child is None else "".join(child.itertext()).strip()

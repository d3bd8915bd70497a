"""Text and XML of unknown origin: any Unicode encoding, no entities, never an exception."""

import re
from typing import TYPE_CHECKING
from xml.etree.ElementTree import fromstring

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from picture_pipeline.ports import Content

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element  # defusedxml gives the standard library's elements

MAX_BYTES = 10 * 1024 * 1024
"""Larger texts are no companions of a picture."""
_DOCUMENT_TYPE = "<!D"
"""Entities are declared in a document type and nowhere else; without one the parser in C,
three times as fast as the one that looks out for them, is as safe."""
_MAX_TAGS = 200_000
"""An element takes a hundred times the bytes of its tag."""
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_DECLARED = re.compile(rb"<\?xml[^>]{0,80}encoding\s*=\s*[\"']([\w.-]{1,32})[\"']")
_DECLARATION = re.compile(r"<\?xml\s.*?\?>", re.DOTALL)
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (section 2.2), and byte order marks anywhere."""


def read_text(content: Content) -> str | None:
    """Give a content's text without byte order mark; None when it is too large."""
    if content.size > MAX_BYTES or not content.fits:
        return None
    raw = content.whole()
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return raw[len(bom) :].decode(encoding, "replace")
    return raw.decode(_encoding(raw), "replace")


def _encoding(raw: bytes) -> str:
    """Tell the encoding of a text without mark: the NULs show UTF-16, else what it declares."""
    if raw[1:2] == b"\0":
        return "utf-16-le"
    if raw[:1] == b"\0":
        return "utf-16-be"
    declared = _DECLARED.match(raw.lstrip()[:128])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    return name if name in _SINGLE_BYTE else "utf-8"


_SINGLE_BYTE = frozenset({"iso-8859-1", "iso-8859-15", "latin1", "windows-1252", "us-ascii"})


def parse_xml(text: str) -> "Element | None":
    """Parse XML without entities; None for what is none.

    Tolerant: blanks and marks before it, control characters in it, something
    behind it (padding, NULs).
    """
    start, end = text.find("<"), text.rfind(">")
    body = _ILLEGAL.sub("", _DECLARATION.sub("", text[max(start, 0) : end + 1], count=1))
    if body.count("<") > _MAX_TAGS:
        return None
    try:
        return ElementTree.fromstring(body.encode(), forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError):
        return None


def parse_sound_xml(body: bytes) -> "Element | None":
    """Parse XML in UTF-8 that is expected to be as it should; None where it is not."""
    if _DOCUMENT_TYPE.encode() in body or body.count(b"<") > _MAX_TAGS:
        return None
    try:
        return fromstring(body)  # noqa: S314 - no document type, so no entities
    except (ElementTree.ParseError, ValueError, RecursionError):
        return None


def local_name(tag: str) -> str:
    """Give an element's name without its namespace."""
    return tag.rpartition("}")[2]

"""Telling the texts that stand beside pictures from all other texts.

AAE (Apple's edits), foreign XMP, the XML of Sony's cameras, and the JSON that
Google Takeout and immich-go write. What a text is, its root element or its keys
say; whatever else is XML or JSON has nothing to do with pictures.
"""

import re

_PROLOG_BYTES = 8192
"""How far the root element may stand from the beginning."""
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_WIDE = (b"<\0", b"\0<", b"{\0", b"\0{")
_ROOT = re.compile(
    rb"\s*+(?:(?><\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?\s*>)\s*+)*+"
    rb"<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])",
    re.DOTALL,
)
"""Declarations, comments and a document type, then the root's name without prefix."""
_XMP_ROOTS = (b"xmpmeta", b"xapmeta", b"RDF", b"xml_doc")
_EDIT_KEYS = (b"adjustmentData", b"adjustmentFormatIdentifier")
_BINARY_PLIST = b"bplist00"

_JSON_SIGNS: tuple[tuple[bytes, ...], ...] = (
    (b"photoTakenTime",),
    (b"googlePhotosOrigin",),
    (b"geoDataExif",),
    (b"albumData",),
    (b"title", b"imageViews"),
    (b"title", b"creationTime"),
    (b"title", b"geoData"),
    (b"title", b"access", b"date"),
    (b"fileName", b"dateTaken"),
    (b"fileName", b"fileDate"),
)
"""Keys that together show whose JSON it is: Takeout's pictures (of all years) and albums,
then immich-go's (its ``assets.Metadata``)."""
_JSON_KEY = re.compile(rb'"(\w{1,32})"\s*:')


def narrow(head: bytes) -> bytes:
    """Give a text's beginning without byte order mark, UTF-16 made one byte a letter."""
    for mark in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].replace(b"\0", b"")
    return head.replace(b"\0", b"") if head.startswith(_WIDE) else head


def is_edit(head: bytes, extension: str) -> bool:
    """Whether this is an AAE: a property list that says it is one, by name or by its keys."""
    named = extension == "aae"
    if head.startswith(_BINARY_PLIST):
        return named or _holds_edit(head)
    return root_of(head) == b"plist" and (named or _holds_edit(narrow(head)))


def is_xmp(head: bytes) -> bool:
    """Whether this is an XMP packet in a file of its own."""
    return root_of(head) in _XMP_ROOTS


def is_svg(head: bytes) -> bool:
    """Whether this is a drawing."""
    return root_of(head) == b"svg"


def is_camera_xml(head: bytes) -> bool:
    """Whether Sony's camera wrote this beside a clip (C0001M01.XML)."""
    return root_of(head) == b"NonRealTimeMeta"


def is_picture_json(head: bytes) -> bool:
    """Whether this is the JSON of Google Takeout or immich-go on a picture or an album."""
    text = narrow(head).lstrip()
    if not text.startswith(b"{"):
        return False
    keys = set(_JSON_KEY.findall(text))
    return any(keys.issuperset(sign) for sign in _JSON_SIGNS)


def is_json(head: bytes) -> bool:
    """Whether this may be JSON of any kind."""
    return narrow(head).lstrip().startswith((b"{", b"["))


def _holds_edit(text: bytes) -> bool:
    return any(key in text for key in _EDIT_KEYS)


def root_of(head: bytes) -> bytes | None:
    """Give the name of the root element, without its prefix."""
    found = _ROOT.match(narrow(head[: 2 * _PROLOG_BYTES])[:_PROLOG_BYTES])
    return found[1] if found else None

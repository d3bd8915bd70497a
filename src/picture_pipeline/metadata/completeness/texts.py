"""Texts beside pictures: the root element, or the outermost bracket, closes.

No parser is run: a text that closes is whole, and a hostile one costs nothing.
"""

import re

from picture_pipeline.metadata.completeness.verdict import absent, beyond
from picture_pipeline.metadata.recognition.texts import narrow, root_of
from picture_pipeline.ports import Content

_MOST = 10 << 20
"""Larger texts are not looked at."""
_END = absent("the end of the text")
_BEHIND = ((b"?>", b"<?"), (b"-->", b"<!--"))
"""End and beginning of what may stand behind the root element."""
_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?([\w.-]+)[^<>]*>")
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"|[{}\[\]]', re.DOTALL)
_DEPTH = {b"{": 1, b"[": 1, b"}": -1, b"]": -1}
_TRAILER = 32


def check_xml(content: Content) -> str | None:
    """Check that the root element closes."""
    text = _text(content)
    if text is None:
        return None
    text = _without_what_follows(text)
    last = _TAG.fullmatch(text, max(text.rfind(b"<"), 0))
    if last is None or last[2] != root_of(text):
        return _END
    return None if last[1] or last[0].endswith(b"/>") else _END


def _without_what_follows(text: bytes) -> bytes:
    """Take away blanks, instructions and comments from a text's end."""
    for _ in range(_MOST_BEHIND):
        text = text.rstrip(b"\0 \t\r\n")
        start = next((text.rfind(first) for last, first in _BEHIND if text.endswith(last)), -1)
        if start < 0:
            break
        text = text[:start]
    return text


_MOST_BEHIND = 8


def check_edit(content: Content) -> str | None:
    """Check an AAE, which is a property list in XML or in Apple's binary form."""
    if content.read_at(0, 8) != b"bplist00":
        return check_xml(content)
    trailer = content.read_at(max(0, content.size - _TRAILER), _TRAILER)
    width, objects, table = (
        trailer[6],
        *(int.from_bytes(trailer[at : at + 8], "big") for at in (8, 24)),
    )
    end = table + objects * width
    return beyond(end + _TRAILER, content.size) if width and objects else _END


def check_json(content: Content) -> str | None:
    """Check that the outermost bracket closes; a comma too many does no harm."""
    text = _text(content)
    if text is None:
        return None
    depth = 0
    for token in _BRACKET.finditer(text):
        depth += _DEPTH.get(token[0], 0)
    return None if depth == 0 and text.rstrip().endswith((b"}", b"]")) else _END


def _text(content: Content) -> bytes | None:
    return narrow(content.read_at(0, _MOST)) if content.size <= _MOST else None

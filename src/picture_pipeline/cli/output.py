"""Printing: results to stdout for people or machines, talk to stderr.

Machines get UTF-8 JSON whatever the locale says. People get lines in which
names from disk can do no harm: control and direction-changing characters,
and bytes that are not UTF-8, are shown as escapes.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence

_SURROGATE = re.compile("[\ud800-\udfff]")
_HARMFUL = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_UNITS = ("bytes", "KB", "MB", "GB", "TB", "PB")
_STEP = 1024


def print_json(document: Mapping[str, object] | Sequence[object]) -> None:
    """Print one JSON document, indented, in UTF-8."""
    _write(_encoded(document, indent=2))


def print_json_line(document: Mapping[str, object]) -> None:
    """Print one JSON document on one line, in UTF-8; cheap enough for a million."""
    _write(_encoded(document, indent=None))


def print_line(text: str = "") -> None:
    """Print one line for people on stdout."""
    print(printable_line(text))


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows with their columns aligned; the first row may be a heading."""
    cells = [[printable_line(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print(line.rstrip())


def say(text: str) -> None:
    """Tell people something on stderr, line by line, after the program's name."""
    first, *others = text.split("\n")
    print(f"picture-pipeline: {printable_line(first)}", file=sys.stderr)
    for line in others:
        print(printable_line(line), file=sys.stderr)


def printable_line(text: str) -> str:
    r"""Show harmful characters as escapes: ``\n``, ``\xff`` for a byte, ``\u202e``."""
    return _HARMFUL.sub(_escaped, text)


def size_text(size: int) -> str:
    """Tell a number of bytes to people, in powers of 1024: ``14.7 GB``."""
    value, unit = float(size), 0
    while value >= _STEP and unit < len(_UNITS) - 1:
        value, unit = value / _STEP, unit + 1
    return f"{size} bytes" if unit == 0 else f"{value:,.1f} {_UNITS[unit]}"


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - the surrogates that stand for bytes (PEP 383)
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(
        match[0],
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}",  # noqa: PLR2004 - one byte
    )


def _encoded(document: object, indent: int | None) -> bytes:
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return json.dumps(_without_surrogates(document), ensure_ascii=False, indent=indent).encode()


def _without_surrogates(value: object) -> object:
    match value:
        case str():
            return _SURROGATE.sub(_escaped, value)
        case Mapping():
            return {_without_surrogates(key): _without_surrogates(v) for key, v in value.items()}
        case list() | tuple():
            return [_without_surrogates(entry) for entry in value]
        case _:
            return value


def _write(data: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(data + b"\n")

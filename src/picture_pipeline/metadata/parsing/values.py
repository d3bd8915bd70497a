"""Parsing single values: text, numbers, ratings. Pure, and safe with hostile input.

Every parser takes the values of its keys as exiv2 gives them and returns None
for "says nothing"; it raises Absurd for what must be dropped and noted.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

Values = tuple[str, ...]
Evidence = Mapping[str, Values]
"""exiv2 key (or ``Apple.*``) -> the values as text, one for each element or repetition.

Numbers are as exiv2 prints them: ``48/1 11/1 5654/100``.
"""

MAX_TEXT = 32_768
"""Letters kept of one text: longer ones are no captions."""
MAX_ITEMS = 1_000
"""Keywords kept of one file."""

_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_CHARSET = re.compile(r"charset=\"?(?:Ascii|Jis|Unicode|Undefined)\"? ?")
_BINARY = re.compile(r"[\x01-\x08\x0b\x0c\x0e-\x1f]|charset=")
_NUMBER = re.compile(r"[-+]?\d{1,20}(?:/\d{1,20}|(?:\.\d{0,20})?(?:[eE][-+]?\d{1,2})?)", re.ASCII)
"""Bounded: a hostile exponent would fill the memory with one number."""
_STARS_OF_MICROSOFT = {1: 1, 25: 2, 50: 3, 75: 4, 99: 5}
_ISO_UNKNOWN = 65_535
"""EXIF 2.3: the 16-bit tag is full, the real value stands in another."""


class Absurd(ValueError):
    """A value that cannot be meant; the message says what it was."""


def decode(text: str) -> str:
    """Read bytes that are not UTF-8 (surrogate escapes) as Windows or ISO Latin 1."""
    if text.isascii():
        return text
    raw = text.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def clean(text: str) -> str:
    """Give a text up to its first NUL, without control characters and outer blanks."""
    if text.isprintable():  # nearly all are, and the rest costs five times more
        return text.strip()[:MAX_TEXT]
    visible = _FORBIDDEN.sub("", decode(text.split("\0", 1)[0]))
    return visible.strip()[:MAX_TEXT]


def text(values: Values) -> str | None:
    """Give the first value that says anything."""
    return next((found for value in values if (found := clean(value))), None)


def texts(values: Values) -> Values:
    """Give every value that says anything, each once, in order."""
    return tuple(dict.fromkeys(filter(None, map(clean, values[:MAX_ITEMS]))))


def flag(values: Values) -> bool | None:
    """Read yes or no as programs write it: ``True``, ``true``, ``1``; others say nothing."""
    return _FLAGS.get((values[0] if values else "").strip().lower())


_FLAGS = {"true": True, "1": True, "false": False, "0": False}


def windows_text(values: Values) -> str | None:
    """Read the XP* tags of Windows: UTF-16LE, which exiv2 prints as decimal bytes."""
    numbers = " ".join(values).split()[: 2 * MAX_TEXT]
    if not all(number.isdecimal() and int(number) < 256 for number in numbers):  # noqa: PLR2004
        return None
    raw = bytes(map(int, numbers))
    return text((raw.decode("utf-16-le", "replace"),))


def windows_texts(values: Values) -> Values:
    """Read XPKeywords: one text, separated by semicolons."""
    return texts(tuple((windows_text(values) or "").split(";")))


def comment(values: Values) -> str | None:
    """Read UserComment, which exiv2 gives as ``charset=Unicode text``."""
    bare = (_CHARSET.sub("", value, count=1) for value in values)
    found = text(tuple(value for value in bare if not _BINARY.search(value)))
    return None if found in _NO_COMMENTS else found


_NO_COMMENTS = frozenset({"Screenshot"})
"""What iOS writes into UserComment by itself. Some cameras store binary data there."""


def paths(separator: str) -> Callable[[Values], Values]:
    """Give a parser of hierarchical keywords whose levels ``separator`` divides."""

    def parse(values: Values) -> Values:
        levels = (map(str.strip, value.split(separator)) for value in texts(values))
        return tuple(dict.fromkeys("/".join(filter(None, parts)) for parts in levels))

    return parse


def ratio(value: str) -> tuple[int, int]:
    """Read ``77/50``, ``4.2`` or ``3`` as two integers, the second not 0. Raises Absurd."""
    text = value.strip()
    if not _NUMBER.fullmatch(text):
        raise Absurd(text[:40] or "blank")
    over, slash, under = text.partition("/")
    if slash and not int(under):
        raise Absurd(text[:40])
    if slash or text.isdecimal():
        return int(over), int(under or 1)
    return Fraction(text).as_integer_ratio()


def fraction(value: str) -> Fraction:
    """Read ``77/50``, ``4.2`` or ``3``. Raises Absurd for anything else, also 0/0 and NaN."""
    return Fraction(*ratio(value))


def positive(values: Values) -> float | None:
    """Read a number above zero; zero and blanks say nothing."""
    if not values or not values[0].strip():
        return None
    over, under = ratio(values[0])  # as a Fraction it would cost ten times more
    if over < 0:
        raise Absurd(values[0][:40])
    return over / under or None


def positive_integer(values: Values) -> int | None:
    """Read a whole number above zero: the first of several."""
    found = positive(tuple((values[0] if values else "").split()[:1]))
    return round(found) if found else None


def iso(values: Values) -> int | None:
    """Read an ISO speed; 65535 says that another tag holds it."""
    found = positive_integer(values)
    return None if found == _ISO_UNKNOWN else found


def orientation(values: Values) -> int | None:
    """Read an EXIF orientation, 1 to 8. 0 says nothing; others are absurd."""
    found = positive_integer(values)
    if found is not None and not 1 <= found <= 8:  # noqa: PLR2004 - the EXIF range
        raise Absurd(values[0][:40])
    return found


def rating(values: Values) -> int | None:
    """Read a rating from -1 (rejected) to 5, as stored."""
    if not values or not values[0].strip():
        return None
    found = fraction(values[0])
    if not -1 <= found <= 5:  # noqa: PLR2004 - the range of xmp:Rating
        raise Absurd(values[0][:40])
    return round(found)


def microsoft_rating(values: Values) -> int | None:
    """Read MicrosoftPhoto:Rating (per cent); its 0 is what Windows writes for none."""
    found = positive_integer(values)
    return _STARS_OF_MICROSOFT.get(found or 0)

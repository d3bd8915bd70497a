"""The names of bytes."""

import re
from dataclasses import dataclass
from typing import NewType

Digest = NewType("Digest", str)
"""SHA-256 of an original, 64 lower-case hex digits."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def parse_digest(text: str) -> Digest:
    """Take 64 lower-case hex digits for a digest.

    Raises ValueError for anything else.
    """
    if _DIGEST.fullmatch(text) is None:
        message = f"not a SHA-256 in lower-case hex: {text!r}"
        raise ValueError(message)
    return Digest(text)


@dataclass(frozen=True, slots=True)
class Checksums:
    """The three checksums other programs key on, from one read, lower-case hex."""

    sha256: Digest
    sha1: str
    md5: str

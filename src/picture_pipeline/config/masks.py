"""Passwords and keys are never shown: ``***`` stands in their place."""

import re
from collections.abc import Mapping

MASK = "***"
_SECRET = re.compile(r"key|token|password|passwd|secret", re.IGNORECASE)
_USER_INFO = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^/@:\s]*):[^/\s]*@", re.IGNORECASE)
_PARAMETER = re.compile(
    r"(?P<before>[?&;][^=&;\s]*(?:key|token|password|passwd|secret)[^=&;\s]*=)[^&;\s]*",
    re.IGNORECASE,
)


def mask_text(text: str) -> str:
    """Hide passwords inside URLs: after the user's name, and in the query."""
    return _PARAMETER.sub(rf"\g<before>{MASK}", _USER_INFO.sub(rf"\g<before>:{MASK}@", text))


def mask_value(name: str, value: object) -> object:
    """Hide a value whose key tells that it is secret, and secrets inside of others."""
    match value:
        case Mapping():
            return {key: mask_value(str(key), below) for key, below in value.items()}
        case list() | tuple():
            return [mask_value(name, entry) for entry in value]
        case None | bool():
            return value
        case _ if _SECRET.search(name):
            return MASK
        case str():
            return mask_text(value)
        case _:
            return value

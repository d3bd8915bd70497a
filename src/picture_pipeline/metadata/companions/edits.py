"""AAE: the recipe of an edit that Apple's Photos keeps beside the picture, a property list.

It tells when the picture was edited, never when it was taken.
"""

import plistlib
from collections.abc import Mapping
from datetime import datetime
from xml.parsers.expat import ExpatError

from picture_pipeline.metadata.companions.markup import MAX_BYTES
from picture_pipeline.metadata.parsing.values import Evidence
from picture_pipeline.ports import Content

_KEYS = (
    "adjustmentEditorBundleID",
    "adjustmentFormatIdentifier",
    "adjustmentFormatVersion",
    "adjustmentTimestamp",
)
_BROKEN = (
    *(ValueError, TypeError, AttributeError, LookupError),
    *(ExpatError, OverflowError, RecursionError, AssertionError),
)
"""What plistlib raises for what is none; it promises nothing (Lib/plistlib.py, Python 3.11)."""


def read_edit(content: Content) -> Evidence:
    """Read an AAE, XML or binary; keys are ``AAE.*``. What is none gives nothing.

    plistlib refuses entities of its own (CVE-2022-48565); the date is UTC.
    """
    if content.size > MAX_BYTES or not content.fits:
        return {}
    try:
        found = plistlib.loads(content.whole())
    except _BROKEN:
        return {}
    if not isinstance(found, Mapping):
        return {}
    return {f"AAE.{key}": (_shown(found[key]),) for key in _KEYS if _shown(found.get(key))}


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value.isoformat()}Z"
    return value if isinstance(value, str) else ""

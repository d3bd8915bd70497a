"""What two runs must agree on in files that carry the time of their making."""

import json
import re
from collections import Counter
from xml.etree import ElementTree as ET

from .words import INGEST_FACTS

# A sidecar is a few KiB; expat stops entity bombs by itself (since 2.4.1).
MOST_BYTES = 10_000_000

Facts = dict[str, str]


class Unreadable(ValueError):
    """The file is not well-formed."""


def of_sidecar(data: bytes) -> Facts:
    """Give every element's text and every attribute by its path. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"{len(data)} bytes")
    try:
        root = ET.fromstring(data)  # noqa: S314 - capped, expat limits entities
    except ET.ParseError as error:
        raise Unreadable(str(error)) from error
    facts: Facts = {}
    _elements(root, "", facts, Counter())
    return facts


def _elements(element: ET.Element, above: str, facts: Facts, seen: Counter[str]) -> None:
    path = f"{above}/{element.tag}"
    seen[path] += 1
    path = f"{path}[{seen[path]}]"
    facts[path] = (element.text or "").strip()
    facts.update({f"{path}@{name}": value for name, value in element.attrib.items()})
    for child in element:
        _elements(child, path, facts, seen)


def of_json(data: bytes) -> Facts:
    """Give the members of a JSON object, each as JSON. Raises Unreadable."""
    try:
        document = json.loads(data)
    except ValueError as error:
        raise Unreadable(str(error)) from error
    if not isinstance(document, dict):
        raise Unreadable("not a JSON object")
    return {str(key): json.dumps(value, sort_keys=True) for key, value in document.items()}


READERS = {b".xmp": of_sidecar, b".json": of_json}


def agree(one: Facts, other: Facts, but: frozenset[str] = INGEST_FACTS) -> list[str]:
    """Name the facts in which two files differ, leaving out those named ``but``."""
    differing = {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return sorted(key for key in differing if not any(word in key for word in but))


def pp_property(facts: Facts, name: str) -> set[str]:
    """Give all texts of a property of our own namespace, as an element or an attribute."""
    ours = re.compile(rf"\{{[^}}]*picture-pipeline[^}}]*\}}{name}(\[\d+\])?$")
    return {value for key, value in facts.items() if value and ours.search(key)}

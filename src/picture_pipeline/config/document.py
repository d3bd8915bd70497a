"""storage.yaml as text: values with the line each key stands in."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from picture_pipeline.errors import ConfigError


class NotAMapping(ValueError):
    """The file holds something else than keys and values."""

    def __init__(self) -> None:
        super().__init__("the file must hold keys and values, beginning with storage:")


KeyPath = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed storage.yaml: nested mappings, and the line (from 1) of each key."""

    tree: Mapping[str, object]
    lines: Mapping[KeyPath, int]
    repeated: Mapping[KeyPath, int]
    """Lines of keys given a second time; YAML itself would silently take the last one."""


EMPTY = Document({}, {}, {})


def read_document(file: Path) -> Document | None:
    """Read and parse; None when there is no such file.

    Raises ConfigError when it cannot be read or is no YAML.
    """
    try:
        return parse_document(file.read_text("utf-8-sig"))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigError((f"{file}: cannot be read ({error.strerror})",)) from error
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError((f"{file}: not YAML: {_in_one_line(error)}",)) from error


def parse_document(text: str) -> Document:
    """Parse the text of a storage.yaml; keys without a value count as not given.

    Raises yaml.YAMLError or ValueError.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if node is None:
        return EMPTY
    if not isinstance(node, yaml.MappingNode):
        raise NotAMapping
    lines: dict[KeyPath, int] = {}
    repeated = {
        path: line for path, line in _keys(node, ()) if lines.setdefault(path, line) != line
    }
    return Document(_plain(yaml.safe_load(text)), lines, repeated)


def parse_value(text: str) -> object:
    """Read one value from the environment the way YAML reads a scalar.

    Text stays text as it is written (a path may hold ``#`` or ``: ``); lists
    and mappings are only taken in brackets.
    """
    try:
        value: object = yaml.safe_load(text)
    except yaml.YAMLError:
        return text
    if value is None or isinstance(value, bool | int | float):
        return value
    bracketed = isinstance(value, list | dict) and text.lstrip()[:1] in "[{"
    quoted = isinstance(value, str) and text[:1] in "'\""
    return value if bracketed or quoted else text


def dump(tree: Mapping[str, object]) -> str:
    """Write a tree as YAML, in the order given."""
    text: str = yaml.safe_dump(dict(tree), sort_keys=False, allow_unicode=True, width=100)
    return text


def _keys(node: yaml.MappingNode, above: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    for key, value in node.value:
        path = (*above, str(key.value))
        yield path, key.start_mark.line + 1
        if isinstance(value, yaml.MappingNode):
            yield from _keys(value, path)


def _plain(value: object) -> dict[str, object]:
    """Make all keys text, at every depth of nested mappings."""
    if not isinstance(value, Mapping):
        raise NotAMapping
    return {
        str(key): _plain(below) if isinstance(below, Mapping) else below
        for key, below in value.items()
    }


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())

"""What is wrong with a configuration, in words that say where and what to write."""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from picture_pipeline.config.document import Document, KeyPath
from picture_pipeline.config.environment import variable_of
from picture_pipeline.config.masks import mask_value
from picture_pipeline.config.schema import Root

_SHOWN = 80
_PROBLEMS = {
    "float_": "must be a number",
    "finite_number": "must be a finite number",
    "int_": "must be a whole number",
    "bool_": "must be true or false",
    "path_type": "must be a path",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "too_": "must be one number or [width, height]",
    "mapping_type": "must hold further keys",
    "model_": "must hold further keys",
    "dict_type": "must hold further keys",
}
"""Beginnings of pydantic's error types, in the words of somebody who writes YAML."""
_Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where each given key comes from."""

    file: Path | None
    lines: Mapping[KeyPath, int]
    overrides: Mapping[KeyPath, object]

    def of(self, path: KeyPath) -> str:
        """Name the variable or the line that a key, or the nearest key above, comes from."""
        for length in range(len(path), 0, -1):
            key = path[:length]
            if key in self.overrides:
                return f" ({variable_of(key)})"
            if key in self.lines:
                return f" ({self.file} line {self.lines[key]})"
        return ""

    def is_variable(self, path: KeyPath) -> bool:
        """Tell whether a key comes from the environment."""
        return path in self.overrides


def faults_of(error: ValidationError, origins: Origins) -> list[str]:
    """Tell every fault of a validation."""
    told = (_fault(details, origins) for details in error.errors(include_url=False))
    return list(dict.fromkeys(told))


def repeated_keys(document: Document, origins: Origins) -> list[str]:
    """Tell which keys stand in the file more than once."""
    return [
        f"{'.'.join(path)}{origins.of(path)}: is given again in line {line}; keep one of them"
        for path, line in document.repeated.items()
    ]


def _fault(details: ErrorDetails, origins: Origins) -> str:
    location = _without_tuple_index(tuple(part for part in details["loc"] if part != "[key]"))
    path = tuple(str(part) for part in location)
    where = f"{'.'.join(path)}{origins.of(path)}"
    match details["type"]:
        case "extra_forbidden":
            return f"{where}: there is no such key; {_suggestion(path)}"
        case "missing":
            return f"{where}: is missing; {_hint(location, origins)}"
        case _:
            shown = _shown(path[-1], details["input"])
            return f"{where}: {_problem(details)} (it is {shown}); {_hint(location, origins)}"


def _without_tuple_index(location: _Location) -> _Location:
    return location[:-1] if isinstance(location[-1], int) and "thumbnails" in location else location


def _problem(details: ErrorDetails) -> str:
    kind = details["type"]
    for beginning, text in _PROBLEMS.items():
        if kind.startswith(beginning):
            return text
    text = details["msg"].removeprefix("Value error, ")
    return text.replace("Input should be", "must be").replace("Input should have", "must have")


def _shown(name: str, value: object) -> str:
    text = repr(mask_value(name, value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _hint(location: _Location, origins: Origins) -> str:
    names = tuple(part for part in location if isinstance(part, str))
    field, path = _field(names)
    example = field.examples[0] if field and field.examples else None
    if example is None:
        return "see docs/reference/configuration.md"
    if origins.is_variable(path):
        return f"write for instance {variable_of(path)}={_written(example)}"
    return f"write for instance {path[-1]}: {_written(example)}"


def _written(example: object) -> str:
    match example:
        case bool() | None:
            return str(example).lower()
        case Mapping():
            return "{" + ", ".join(f"{key}: {_written(v)}" for key, v in example.items()) + "}"
        case list():
            return "[" + ", ".join(map(_written, example)) + "]"
        case _:
            return str(example)


def _suggestion(path: KeyPath) -> str:
    siblings = [key for key in all_keys() if key[:-1] == path[:-1]]
    by_name = {key[-1]: key for key in (*all_keys(), *siblings)}
    for names in ([key[-1] for key in siblings], list(by_name)):
        for near in difflib.get_close_matches(path[-1], names, n=1):
            return f"did you mean {'.'.join(by_name[near])}?"
    known = ", ".join(key[-1] for key in siblings)
    return f"known here: {known}" if known else "see docs/reference/configuration.md"


def all_keys() -> list[KeyPath]:
    """Name every key and section there is, sections before what they hold."""
    return list(_keys(Root, ()))


def _keys(model: type[BaseModel], above: KeyPath) -> Iterator[KeyPath]:
    for name, field in _fields(model).items():
        yield (*above, name)
        below = _model_of(field)
        if below is not None:
            yield from _keys(below, (*above, name))


def _field(names: KeyPath) -> tuple[FieldInfo | None, KeyPath]:
    """Find the field that a path leads to, or ends inside of."""
    model: type[BaseModel] | None = Root
    found: FieldInfo | None = None
    for depth, name in enumerate(names):
        below = _fields(model).get(name) if model else None
        if below is None:
            return found, names[:depth]
        found, model = below, _model_of(below)
    return found, names


def _fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    for kind in (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None

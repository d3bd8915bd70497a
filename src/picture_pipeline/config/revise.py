"""Changing single keys of a storage.yaml while everything else stays as it is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from picture_pipeline.config.document import KeyPath, dump, parse_document, read_document
from picture_pipeline.config.environment import overrides, variable_of
from picture_pipeline.config.load import Config, build_config
from picture_pipeline.config.masks import mask_text
from picture_pipeline.config.place import ConfigPlace, find_place
from picture_pipeline.errors import ConfigError

_HEADING = "# Where picture-pipeline keeps things. Every key: docs/reference/configuration.md\n"
_NAS: KeyPath = ("storage", "nas", "base_path")


@dataclass(frozen=True, slots=True)
class Revision:
    """A storage.yaml as it shall be, and the configuration that it gives."""

    config: Config
    file: Path
    text: str | None
    """What to write; None when the file already says all of it."""
    keeps_comments: bool
    holds_secret: bool


def revise(
    environ: Mapping[str, str],
    explicit: Path | None,
    cwd: Path,
    changes: Mapping[KeyPath, str],
) -> Revision:
    """Work out storage.yaml with these keys changed; writes nothing.

    The archive's path is always written down, so that it stays the same when
    the home moves. Raises ConfigError with every fault of what would be there.
    """
    _refuse_if_outvoted(environ, changes)
    place = find_place(environ, explicit, cwd)
    document = read_document(place.file)
    old = place.file.read_text("utf-8-sig") if document else ""
    config = _config_of(place, _edited(old, changes).text, environ)
    wanted = dict(changes)
    if _value(old, _NAS) is None:
        wanted.setdefault(_NAS, str(config.storage.nas.base_path))
    edit = _edited(old, wanted)
    return Revision(
        config=_config_of(place, edit.text, environ),
        file=place.file,
        text=None if edit.text == old else edit.text,
        keeps_comments=edit.keeps_comments,
        holds_secret=mask_text(edit.text) != edit.text,
    )


def _refuse_if_outvoted(environ: Mapping[str, str], changes: Mapping[KeyPath, str]) -> None:
    faults = tuple(
        f"{'.'.join(path)}: {variable_of(path)} is set and would win over what is written; "
        "unset it first"
        for path in overrides(environ)
        if path in changes
    )
    if faults:
        raise ConfigError(faults)


@dataclass(frozen=True, slots=True)
class Edit:
    """A changed text, and whether all comments are still in it."""

    text: str
    keeps_comments: bool


def edit_text(text: str, changes: Mapping[KeyPath, str]) -> Edit:
    """Change keys in the text of a storage.yaml.

    Single values are put into the text as it stands; only where that does not
    give the wanted tree (flow style, anchors) it is written anew, without its
    comments.
    """
    wanted = dict(parse_document(text).tree)
    edited = text
    for path, value in changes.items():
        _set(wanted, path, value)
        edited = _spliced(edited, path, value)
    if _gives(edited, wanted):
        return Edit(edited, keeps_comments=True)
    return Edit(_HEADING + dump(wanted), keeps_comments="#" not in text)


def _edited(old: str, changes: Mapping[KeyPath, str]) -> Edit:
    needed = {path: value for path, value in changes.items() if _value(old, path) != value}
    return edit_text(old, needed) if needed else Edit(old, keeps_comments=True)


def _config_of(place: ConfigPlace, text: str, environ: Mapping[str, str]) -> Config:
    return build_config(place, parse_document(text), environ)


def _value(text: str, path: KeyPath) -> object:
    below: object = parse_document(text).tree
    for level in path:
        below = below.get(level) if isinstance(below, Mapping) else None
    return below


def _set(tree: dict[str, object], path: KeyPath, value: str) -> None:
    for level in path[:-1]:
        below = tree.get(level)
        below = dict(below) if isinstance(below, Mapping) else {}
        tree[level] = below
        tree = below
    tree[path[-1]] = value


def _gives(text: str, tree: Mapping[str, object]) -> bool:
    try:
        return parse_document(text).tree == tree
    except (yaml.YAMLError, ValueError):
        return False


def _spliced(text: str, path: KeyPath, value: str) -> str:
    node, depth = yaml.compose(text, Loader=yaml.SafeLoader), 0
    while isinstance(node, yaml.MappingNode):
        below = _below(node, path[depth]) if depth < len(path) else None
        if below is None:
            return _inserted(text, node, path[depth:], value)
        node, depth = below, depth + 1
    if isinstance(node, yaml.ScalarNode) and depth == len(path):
        before, after = text[: node.start_mark.index], text[node.end_mark.index :]
        space = " " if before.endswith(":") else ""
        return f"{before}{space}{_scalar(value)}{after}"
    return text


def _below(node: yaml.MappingNode, name: str) -> yaml.Node | None:
    found: yaml.Node | None = None
    for key, value in node.value:
        if key.value == name:
            found = value
    return found


def _inserted(text: str, node: yaml.MappingNode, path: KeyPath, value: str) -> str:
    if not node.value or not path:
        return text
    start = node.value[0][0].start_mark
    line_start = start.index - start.column
    lines = [f"{'  ' * depth}{level}:" for depth, level in enumerate(path)]
    lines[-1] += f" {_scalar(value)}"
    block = "".join(f"{' ' * start.column}{line}\n" for line in lines)
    return text[:line_start] + block + text[line_start:]


def _scalar(value: str) -> str:
    text: str = yaml.safe_dump({"k": value}, allow_unicode=True, width=float("inf"))
    return text.removeprefix("k: ").rstrip("\n")

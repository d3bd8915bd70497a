"""From what was given to the whole tree: overrides, then the defaults that depend on others."""

from collections.abc import Mapping
from pathlib import Path

from picture_pipeline.config.document import KeyPath
from picture_pipeline.config.environment import variable_of
from picture_pipeline.config.place import expand_home
from picture_pipeline.config.urls import SQLITE, sqlite_url

Tree = dict[str, object]
_BOXES: Mapping[str, object] = {"tiny": 150, "small": 500, "medium": 1920}
_WIDE = "medium"
"""The size whose single number is the width of a 16:9 box; all others are square."""


def override(
    given: Mapping[str, object], overrides: Mapping[KeyPath, object]
) -> tuple[Tree, list[str]]:
    """Put the environment's values over the file's; gives the tree and the faults."""
    tree, faults = _copied(given), []
    for path, value in overrides.items():
        if not _put(tree, path, value):
            faults.append(
                f"{'.'.join(path)} ({variable_of(path)}): the key above it holds a value, "
                "not further keys; unset the variable"
            )
    return _without_blanks(tree), faults


def fill(tree: Tree, home: Path, environ: Mapping[str, str]) -> Tree:
    """Fill in, in place, what depends on the home and on other keys.

    Sections that are no mappings are left alone: validation refuses them.
    """
    local, nas = _section(tree, "local"), _section(tree, "nas")
    base = local.setdefault("base_path", str(home))
    archive = nas.setdefault("base_path", _below(str(base), "archive"))
    nas["backups"] = _below(str(archive), nas.get("backups", "backups"))
    local["thumbnails"] = _boxes(local.get("thumbnails", {}))
    database = _section(tree, "database")
    url = database.get("url", sqlite_url(Path("catalog.db")))
    database["url"] = _whole_url(url, str(base), environ)
    return tree


def _copied(tree: Mapping[str, object]) -> Tree:
    return {
        key: _copied(value) if isinstance(value, Mapping) else value for key, value in tree.items()
    }


def _put(tree: Tree, path: KeyPath, value: object) -> bool:
    for level in path[:-1]:
        below = tree.get(level)
        if below is None:
            below = tree[level] = {}
        if not isinstance(below, dict):
            return False
        tree = below
    tree[path[-1]] = value
    return True


def _without_blanks(tree: Tree) -> Tree:
    return {
        key: _without_blanks(value) if isinstance(value, dict) else value
        for key, value in tree.items()
        if value is not None
    }


def _section(tree: Tree, name: str) -> Tree:
    storage = tree.setdefault("storage", {})
    section = storage.setdefault(name, {}) if isinstance(storage, dict) else None
    return section if isinstance(section, dict) else {}


def _below(folder: str, path: object) -> object:
    if not isinstance(path, str) or path.startswith(("/", "~")):
        return path
    if not folder.startswith(("/", "~")):
        return "/"  # the folder above is refused; one fault is enough
    return f"{folder}/{path}"


def _boxes(given: object) -> object:
    if not isinstance(given, Mapping):
        return given
    return {name: _box(str(name), side) for name, side in {**_BOXES, **given}.items()}


def _box(name: str, side: object) -> object:
    if not isinstance(side, int) or isinstance(side, bool):
        return side
    return [side, max(1, side * 9 // 16)] if name == _WIDE and side > 0 else [side, side]


def _whole_url(url: object, base: str, environ: Mapping[str, str]) -> object:
    if not isinstance(url, str) or not url.startswith(SQLITE):
        return url
    name = url.removeprefix(SQLITE)
    if name in {"", ":memory:"}:
        return url
    try:
        return sqlite_url(Path(expand_home(base, environ)) / expand_home(name, environ))
    except ValueError:
        # A ~ without HOME; base_path, or the URL itself, is refused with the reason.
        return url

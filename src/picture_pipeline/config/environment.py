"""Keys given in the environment: two underscores between levels."""

from collections.abc import Mapping

from picture_pipeline.config.document import KeyPath, parse_value

_PREFIX = "PICTURE_PIPELINE_"
_TREE = f"{_PREFIX}STORAGE"
_LEVELS = "__"


def variable_of(path: KeyPath) -> str:
    """Give the name of the variable that overrides a key."""
    return _PREFIX + _LEVELS.join(level.upper() for level in path)


def overrides(environ: Mapping[str, str]) -> dict[KeyPath, object]:
    """Collect what the environment says of storage.yaml's keys.

    An empty variable counts as not set; ``null`` brings a key's default back.
    A misspelt variable (one underscore) comes out as a key that does not
    exist, so that it is refused, not ignored.
    """
    return {
        tuple(name.removeprefix(_PREFIX).lower().split(_LEVELS)): parse_value(text)
        for name, text in sorted(environ.items())
        if name.startswith(_TREE) and text
    }

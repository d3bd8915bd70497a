"""Where the configuration lies: home and storage.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from picture_pipeline.errors import ConfigError

HOME_VARIABLE = "PICTURE_PIPELINE_HOME"
CONFIG_VARIABLE = "PICTURE_PIPELINE_CONFIG"
_DEFAULT_HOME = Path(".local/share/pictures")


@dataclass(frozen=True, slots=True)
class ConfigPlace:
    """Where storage.yaml is looked for, and whether somebody named it.

    A file that was named must be there; the one in the home may be absent.
    """

    home: Path
    """``PICTURE_PIPELINE_HOME``, absolute."""
    file: Path
    named_by: str | None
    """``--config``, ``PICTURE_PIPELINE_CONFIG`` or None."""


def find_place(environ: Mapping[str, str], explicit: Path | None, cwd: Path) -> ConfigPlace:
    """Find storage.yaml: ``--config``, the environment, then the home's ``config/``.

    Raises ConfigError when there is no home. Opens nothing.
    """
    home = _home(environ, cwd)
    if explicit is not None:
        return ConfigPlace(home, cwd / _expanded(explicit, environ), "--config")
    if named := environ.get(CONFIG_VARIABLE):
        return ConfigPlace(home, cwd / _expanded(Path(named), environ), CONFIG_VARIABLE)
    return ConfigPlace(home, home / "config" / "storage.yaml", None)


def expand_home(text: str, environ: Mapping[str, str]) -> str:
    """Put ``HOME`` in the place of a leading ``~``; other text stays as it is.

    Raises ValueError when there is a ``~`` but no ``HOME``.
    """
    if text != "~" and not text.startswith("~/"):
        return text
    if not environ.get("HOME"):
        raise ValueError("begins with ~, but HOME is not set; write the whole path")
    return environ["HOME"].rstrip("/") + text[1:]


def _home(environ: Mapping[str, str], cwd: Path) -> Path:
    if given := environ.get(HOME_VARIABLE):
        return cwd / _expanded(Path(given), environ)
    if user := environ.get("HOME"):
        return cwd / user / _DEFAULT_HOME
    raise ConfigError(
        (f"neither {HOME_VARIABLE} nor HOME is set; set {HOME_VARIABLE} to a folder",)
    )


def _expanded(path: Path, environ: Mapping[str, str]) -> Path:
    try:
        return Path(expand_home(str(path), environ))
    except ValueError as error:
        raise ConfigError((f"{path}: {error}",)) from error

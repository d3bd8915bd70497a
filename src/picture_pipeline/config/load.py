"""storage.yaml and environment to one frozen Config."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from picture_pipeline.config.checks import faults_between, notes_on
from picture_pipeline.config.defaults import fill, override
from picture_pipeline.config.document import EMPTY, Document, read_document
from picture_pipeline.config.environment import overrides
from picture_pipeline.config.faults import Origins, faults_of, repeated_keys
from picture_pipeline.config.masks import mask_value
from picture_pipeline.config.place import ConfigPlace, find_place
from picture_pipeline.config.schema import Root, Storage
from picture_pipeline.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Config:
    """All that is in force. Rooms get single values of it, never the whole.

    ``notes`` tell what was asked for but cannot be honoured, with the remedy.
    """

    home: Path
    """``PICTURE_PIPELINE_HOME``, absolute."""
    file: Path | None
    """The storage.yaml that was read; None when the embedded defaults hold."""
    storage: Storage
    notes: tuple[str, ...]

    @property
    def origin(self) -> str:
        """Where the configuration comes from, for people."""
        return str(self.file) if self.file else "embedded defaults (no storage.yaml)"


def load_config(environ: Mapping[str, str], explicit: Path | None, cwd: Path) -> Config:
    """Load the configuration that is in force.

    ``explicit`` is what ``--config`` said. Raises ConfigError with every fault
    at once; opens nothing but storage.yaml itself.
    """
    place = find_place(environ, explicit, cwd)
    document = read_document(place.file)
    if document is None and place.named_by:
        fault = (
            f"{place.file}: there is no such file ({place.named_by} names it); correct the "
            "name, or make it with: picture-pipeline setup-storage"
        )
        raise ConfigError((fault,))
    return build_config(place, document, environ)


def build_config(
    place: ConfigPlace, document: Document | None, environ: Mapping[str, str]
) -> Config:
    """Validate a parsed storage.yaml (None: there is none) under the environment.

    Raises ConfigError with every fault at once.
    """
    given = document or EMPTY
    over = overrides(environ)
    origins = Origins(place.file, given.lines, over)
    tree, clashes = override(given.tree, over)
    faults = [*repeated_keys(given, origins), *clashes]
    try:
        root = Root.model_validate(fill(tree, place.home, environ), context=environ)
    except ValidationError as error:
        raise ConfigError((*faults, *faults_of(error, origins))) from None
    faults += faults_between(root.storage)
    if faults:
        raise ConfigError(tuple(faults))
    file = place.file if document is not None else None
    return Config(place.home, file, root.storage, notes_on(root.storage))


def shown(config: Config) -> dict[str, object]:
    """Give every key in force as nested JSON data, secrets as ``***``."""
    tree = config.storage.model_dump(mode="json", by_alias=True)
    return {"storage": mask_value("storage", tree)}

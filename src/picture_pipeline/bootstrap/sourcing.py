"""Add, remove and list named sources."""

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from picture_pipeline.bootstrap.archive import open_catalog, utc_now
from picture_pipeline.bootstrap.arriving import Arriving, arrive
from picture_pipeline.bootstrap.asking_immich import is_address, server_at
from picture_pipeline.bootstrap.naming import (
    absolute_path,
    configured_sources,
    named_sources,
    own_folders,
    refuse_own,
)
from picture_pipeline.catalog.catalog import SqlCatalog
from picture_pipeline.catalog.source_rows import add_source, all_sources, remove_source
from picture_pipeline.config import Config
from picture_pipeline.errors import UsageError
from picture_pipeline.model.candidate import SourceName, SourceSpec, printable
from picture_pipeline.sources.kinds import AUTO, FALLBACK, kind_of_address

_NAME = re.compile(r"(?=.*\S)[^/=\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person says of a source; None leaves it as it is known, or to its default."""

    name: str
    path: bytes
    kind: str | None = None
    owner: str | None = None
    """Empty: nobody's."""
    policy: str | None = None


def add(wish: Wish, config: Config, cwd: Path) -> Arriving:
    """Give a place a name that stays, or change the settings of one; nothing is taken in.

    Raises UsageError for a name or place that cannot be, or is another source's.
    """
    _check_name(wish.name, config)
    spec = _wished(wish, _place(wish.path, config, cwd), config)
    at_address = kind_of_address(spec.path)
    if at_address:
        spec = replace(spec, kind=at_address)
    else:
        _check_folder(spec, config)
    arriving = arrive(spec, None)
    with open_catalog(config) as (_, catalog):
        _refuse_second_name(spec, config, catalog)
        add_source(catalog.engine, _stored(arriving), utc_now())
    return arriving


def _wished(wish: Wish, path: bytes, config: Config) -> SourceSpec:
    """Add to what was said what is known of this source already."""
    with open_catalog(config) as (_, catalog):
        known = catalog.named_source(wish.name)
    before = known if known is not None and known.path == path else None
    plain = before or SourceSpec(SourceName(wish.name), path, AUTO)
    owner = plain.owner if wish.owner is None else wish.owner.strip() or None
    return replace(
        plain, kind=wish.kind or plain.kind, owner=owner, policy=wish.policy or plain.policy
    )


def remove(name: str, config: Config) -> None:
    """Forget a source; no file is touched, and what was seen there stays on record.

    Raises UsageError when there is none, or storage.yaml names it.
    """
    if name in configured_sources(config):
        raise UsageError(f"storage.yaml names source {name}; take it out there")
    with open_catalog(config) as (_, catalog):
        if not remove_source(catalog.engine, name, utc_now()):
            raise UsageError(f"{name}: there is no such source")


def listed(config: Config) -> list[SourceSpec]:
    """Give all sources: storage.yaml's first, then the others by name."""
    configured = configured_sources(config)
    with open_catalog(config) as (_, catalog):
        others = [spec for spec in all_sources(catalog.engine) if spec.name not in configured]
    return [*configured.values(), *others]


def _place(path: bytes, config: Config, cwd: Path) -> bytes:
    return server_at(path, config).path if is_address(path) else absolute_path(path, cwd)


def _check_name(name: str, config: Config) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r}: a source's name is a plain word without / and =")
    if name in configured_sources(config):
        raise UsageError(f"storage.yaml names source {name}; change it there, or choose a name")


def _check_folder(spec: SourceSpec, config: Config) -> None:
    if not os.path.exists(spec.path):  # noqa: PTH110 - paths are bytes
        raise UsageError(
            f"{printable(spec.path)}: no such folder; "
            "check the path, and that the volume is mounted"
        )
    refuse_own(spec, own_folders(config))


def _refuse_second_name(spec: SourceSpec, config: Config, catalog: SqlCatalog) -> None:
    for other in named_sources(config, catalog):
        if other.path == spec.path and other.name != spec.name:
            raise UsageError(
                f"{printable(spec.path)} is source {other.name} already; use that name, or forget "
                "it first"
            )


def _stored(arriving: Arriving) -> SourceSpec:
    """Leave the kind open of what looks like a plain folder: it may yet be filled."""
    found = arriving.recognised
    plain = found.by_itself and found.kind.name == FALLBACK
    return replace(arriving.spec, kind=AUTO) if plain else arriving.spec

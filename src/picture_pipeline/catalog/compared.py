"""What the archive holds, as a comparison asks for it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Engine, select

from picture_pipeline.catalog.assets import originals_of
from picture_pipeline.catalog.engine import reading
from picture_pipeline.catalog.hashes import at_seconds, hashes_of, page_hashes
from picture_pipeline.catalog.neighbours import neighbourhood
from picture_pipeline.catalog.slices import sliced
from picture_pipeline.catalog.tables import folders, originals, sightings, sources
from picture_pipeline.model.asset import Group
from picture_pipeline.model.digest import Digest
from picture_pipeline.model.likeness import PictureHash
from picture_pipeline.model.original import Original


class SqlComparedArchive:
    """All of ``ports.looking.ComparedArchive`` but the pictures themselves."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def held(self, digests: Iterable[Digest]) -> frozenset[Digest]:
        """Give those that are archived."""
        found: set[Digest] = set()
        with reading(self._engine) as connection:
            for part in sliced(digests):
                rows = connection.execute(
                    select(originals.c.digest).where(originals.c.digest.in_(part))
                )
                found.update(Digest(row.digest) for row in rows)
        return frozenset(found)

    def originals(self, digests: Iterable[Digest]) -> Mapping[Digest, Original]:
        """Give all that is booked of those that are archived."""
        with reading(self._engine) as connection:
            return originals_of(connection, list(digests))

    def hashes(self) -> Iterator[tuple[Digest, PictureHash, bool]]:
        """Give the hash of each original that has one, and whether it is a video's poster."""
        return page_hashes(self._engine)

    def hashes_of(self, digests: Iterable[Digest]) -> Mapping[Digest, PictureHash]:
        """Give the hashes of some originals."""
        return hashes_of(self._engine, digests)

    def at_seconds(self, seconds: Iterable[str]) -> Mapping[str, Sequence[Digest]]:
        """Give by capture second the originals taken then."""
        return at_seconds(self._engine, seconds)

    def named(self, stems: Iterable[bytes]) -> Mapping[bytes, Sequence[Digest]]:
        """Give by stem the originals that were ever seen under such a name."""
        found: defaultdict[bytes, list[Digest]] = defaultdict(list)
        query = (
            select(sightings.c.stem, originals.c.digest)
            .join(originals, originals.c.id == sightings.c.original_id)
            .distinct()
        )
        with reading(self._engine) as connection:
            for part in sliced(stems):
                for row in connection.execute(query.where(sightings.c.stem.in_(part))):
                    found[bytes(row.stem)].append(Digest(row.digest))
        return found

    def groups_of(self, digests: Iterable[Digest]) -> Sequence[Group]:
        """Give the whole assets that some originals are in."""
        with reading(self._engine) as connection:
            return neighbourhood(connection, (), (), (), list(digests)).groups

    def kinds_of(self, digests: Iterable[Digest]) -> Mapping[Digest, frozenset[str]]:
        """Give the kinds of the sources in which originals were seen."""
        found: defaultdict[Digest, set[str]] = defaultdict(set)
        query = (
            select(originals.c.digest, sources.c.kind)
            .join(sightings, sightings.c.original_id == originals.c.id)
            .join(folders, folders.c.id == sightings.c.folder_id)
            .join(sources, sources.c.id == folders.c.source_id)
        )
        with reading(self._engine) as connection:
            for part in sliced(digests):
                for row in connection.execute(query.where(originals.c.digest.in_(part))):
                    found[Digest(row.digest)].add(row.kind)
        return {digest: frozenset(kinds) for digest, kinds in found.items()}

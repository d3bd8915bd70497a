"""The catalog's tables, the same on SQLite and PostgreSQL.

Times are ISO 8601 text (they sort, and read the same in both databases);
file names are bytes, because that is what file names are.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_TEXT = Text().with_variant(Text(collation="C"), "postgresql")
"""Sorts and compares by code point, as SQLite does; a locale would skip punctuation."""
_ROW_ID = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER aliases SQLite's rowid

binding = Table(
    "binding",
    metadata,
    Column("archive_id", _TEXT, primary_key=True),
    Column("bound_at", _TEXT, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("name", _TEXT, nullable=False, unique=True),
    Column("path", LargeBinary, nullable=False),
    Column("kind", _TEXT, nullable=False),
    Column("owner", _TEXT),
    Column("policy", _TEXT, nullable=False),
    Column("last_new", _TEXT),
    Column("removed_at", _TEXT),  # forgotten by the person; what was seen there stays on record
    Column("added_at", _TEXT),  # by `sources add`; absent: it came with an import
)

source_scans = Table(  # what whole looks at a source counted; a row a day, the day's last
    "source_scans",
    metadata,
    Column("source_id", ForeignKey("sources.id"), primary_key=True),
    Column("day", _TEXT, primary_key=True),  # YYYY-MM-DD, UTC
    Column("time", _TEXT, nullable=False),
    Column("files", BigInteger, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

folders = Table(
    "folders",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("key", LargeBinary, nullable=False),  # SHA-256 of the path, for PostgreSQL's indexes
    Column("path", LargeBinary, nullable=False),  # take no more than 2,700 bytes
    Column("scanned_at", _TEXT, nullable=False),
    Column("fingerprint", LargeBinary),  # of its entries, once each of them is booked
    Index("ux_folders_source_key", "source_id", "key", unique=True),
)

found = Table(  # originals that lie in the archive, but not yet in the catalog
    "found",
    metadata,
    Column("digest", _TEXT, primary_key=True),
    Column("path", _TEXT, nullable=False),
    sqlite_with_rowid=False,
)

runs = Table(
    "runs",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("command", _TEXT, nullable=False),
    Column("writer", _TEXT, nullable=False),
    Column("started_at", _TEXT, nullable=False),
    Column("ended_at", _TEXT),
    Column("status", _TEXT, nullable=False),
    *(
        Column(name, BigInteger, nullable=False, server_default="0")
        for name in (
            "seen",
            "imported",
            "duplicate",
            "skipped",
            "rejected",
            "failed",
            "bytes_imported",
        )
    ),
    Column("undone_at", _TEXT),
    Column("sources", _TEXT),  # JSON: the names of those that it looked at
)

assets = Table(
    "assets",
    metadata,
    Column("id", _TEXT, primary_key=True),
    Column("kind", _TEXT, nullable=False),
)

originals = Table(
    "originals",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("digest", _TEXT, nullable=False, unique=True),
    Column("sha1", _TEXT, nullable=False),
    Column("md5", _TEXT, nullable=False),
    Column("size", BigInteger, nullable=False, index=True),
    Column("media_type", _TEXT, nullable=False),
    Column("path", _TEXT, nullable=False),  # holds the digest, so it needs no index to be unique
    Column("sidecar_sha256", _TEXT, nullable=False),
    Column("original_name", LargeBinary, nullable=False),
    Column("ingested_at", _TEXT, nullable=False),
    Column("asset", ForeignKey("assets.id"), nullable=False, index=True),
    Column("role", _TEXT, nullable=False),
    Column("taken_at", _TEXT, nullable=False),
    Column("taken_from", _TEXT, nullable=False),
    Column("taken_at_utc", _TEXT),
    Column("taken_sort", _TEXT, nullable=False),
    Column("offset", _TEXT),
    Column("subsecond", _TEXT),
    Column("make", _TEXT),
    Column("model", _TEXT),
    Column("software", _TEXT),
    Column("lens", _TEXT),
    Column("exposure_time", Float),
    Column("f_number", Float),
    Column("iso", BigInteger),
    Column("focal_length", Float),
    Column("focal_length_35mm", BigInteger),
    Column("orientation", Integer),
    Column("width", BigInteger),
    Column("height", BigInteger),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("altitude", Float),
    Column("accuracy", Float),
    Column("gps_time_utc", _TEXT),
    Column("rating", Integer),
    Column("title", _TEXT),
    Column("caption", _TEXT),
    Column("content_identifier", _TEXT, index=True),
    Column("burst", _TEXT, index=True),
    Column("incomplete", Boolean, nullable=False, server_default="0"),
    Column("notes", _TEXT),
    Column("family", _TEXT, nullable=False, server_default="still"),
    Column("offset_from", _TEXT),
    Column("duration", Float),
    Column("video_codec", _TEXT),
    Column("frame_rate", Float),
    Column("audio_codec", _TEXT),
    Column("motion_photo", Boolean, nullable=False, server_default="0"),
    Column("superseded_by", _TEXT),
    Column("revises", _TEXT),
    Column("own", _TEXT),
    Column("favourite", Boolean),
    Column("hidden", Boolean),
    Column("stack", _TEXT),
    Index("ix_originals_taken_sort_id", "taken_sort", "id"),
)

keywords = Table(
    "keywords",
    metadata,
    Column("original_id", ForeignKey("originals.id"), primary_key=True),
    Column("kind", _TEXT, primary_key=True),  # keyword, tag, album or person
    Column("position", Integer, primary_key=True),
    Column("word", _TEXT, nullable=False),
    sqlite_with_rowid=False,
)

sightings = Table(
    "sightings",
    metadata,
    Column("folder_id", ForeignKey("folders.id"), primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("original_id", ForeignKey("originals.id"), primary_key=True),
    Column("current", Boolean, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("first_seen", _TEXT, nullable=False),
    Column("last_seen", _TEXT),  # absent: still there at the folder's last scan
    Column("stem", LargeBinary),
    Column("told", _TEXT),  # JSON of what the source tells of it
    Index("ix_sightings_folder_id_stem", "folder_id", "stem"),
    Index("ix_sightings_original_id_current", "original_id", "current"),
    sqlite_with_rowid=False,
)

memberships = Table(  # of companions that serve further assets besides their own
    "memberships",
    metadata,
    Column("asset", ForeignKey("assets.id"), primary_key=True),
    Column("original_id", ForeignKey("originals.id"), primary_key=True, index=True),
    Column("role", _TEXT, nullable=False),
    sqlite_with_rowid=False,
)

refusals = Table(
    "refusals",
    metadata,
    Column("folder_id", ForeignKey("folders.id"), primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("outcome", _TEXT, nullable=False),
    Column("reason", _TEXT, nullable=False),
    Column("detail", _TEXT, nullable=False),
    Column("recogniser", Integer, nullable=False),
    sqlite_with_rowid=False,
)

picture_hashes = Table(  # perceptual, of the upright picture
    "picture_hashes",
    metadata,
    Column("original_id", ForeignKey("originals.id"), primary_key=True),
    Column("pdq", LargeBinary, nullable=False),  # 32 bytes
    Column("quality", Integer, nullable=False),  # 0 to 100
    Column("hasher", Integer, nullable=False),  # its version
    sqlite_with_rowid=False,
)

candidates = Table(  # looked at by `consolidate`, not archived
    "candidates",
    metadata,
    Column("folder_id", ForeignKey("folders.id"), primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("looker", Integer, nullable=False),  # version of what looked
    Column("outcome", _TEXT, nullable=False),  # looked, rejected or failed
    Column("reason", _TEXT),
    Column("digest", _TEXT, index=True),
    Column("facts", _TEXT),  # JSON: what the comparison needs of it
    Column("pdq", LargeBinary),
    Column("quality", Integer),
    sqlite_with_rowid=False,
)

reclaimed = Table(  # download files replaced by placeholders
    "reclaimed",
    metadata,
    Column("folder_id", ForeignKey("folders.id"), primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("digest", _TEXT, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("mode", Integer, nullable=False),
    Column("reclaimed_at", _TEXT, nullable=False),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("writer", _TEXT, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("type", _TEXT, nullable=False),
    Column("time", _TEXT, nullable=False),
    Column("outcome", _TEXT, nullable=False),
    Column("digest", _TEXT),
    Column("run_id", BigInteger, index=True),
    Column("batch", _TEXT, nullable=False, index=True),
    sqlite_with_rowid=False,
)

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

_ROW_ID = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER aliases SQLite's rowid

binding = Table(
    "binding",
    metadata,
    Column("archive_id", Text, primary_key=True),
    Column("bound_at", Text, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("path", LargeBinary, nullable=False),
    Column("kind", Text, nullable=False),
    Column("owner", Text),
    Column("policy", Text, nullable=False),
    Column("last_new", Text),
)

folders = Table(
    "folders",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("source_id", ForeignKey("sources.id"), nullable=False),
    Column("path", LargeBinary, nullable=False),
    Column("scanned_at", Text, nullable=False),
    Index("ux_folders_source_path", "source_id", "path", unique=True),
)

runs = Table(
    "runs",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("command", Text, nullable=False),
    Column("writer", Text, nullable=False),
    Column("started_at", Text, nullable=False),
    Column("ended_at", Text),
    Column("status", Text, nullable=False),
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
)

assets = Table(
    "assets",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
)

originals = Table(
    "originals",
    metadata,
    Column("id", _ROW_ID, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("sha1", Text, nullable=False),
    Column("md5", Text, nullable=False),
    Column("size", BigInteger, nullable=False, index=True),
    Column("media_type", Text, nullable=False),
    Column("path", Text, nullable=False, unique=True),
    Column("sidecar_sha256", Text, nullable=False),
    Column("original_name", LargeBinary, nullable=False),
    Column("ingested_at", Text, nullable=False),
    Column("asset", ForeignKey("assets.id"), nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("taken_at", Text, nullable=False),
    Column("taken_from", Text, nullable=False),
    Column("taken_at_utc", Text),
    Column("taken_sort", Text, nullable=False),
    Column("offset", Text),
    Column("subsecond", Text),
    Column("make", Text),
    Column("model", Text),
    Column("software", Text),
    Column("lens", Text),
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
    Column("gps_time_utc", Text),
    Column("rating", Integer),
    Column("title", Text),
    Column("caption", Text),
    Column("content_identifier", Text, index=True),
    Column("burst", Text),
    Column("incomplete", Boolean, nullable=False, server_default="0"),
    Column("notes", Text),
    Index("ix_originals_taken_sort_id", "taken_sort", "id"),
)

keywords = Table(
    "keywords",
    metadata,
    Column("original_id", ForeignKey("originals.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # keyword or tag
    Column("position", Integer, primary_key=True),
    Column("word", Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)

sightings = Table(
    "sightings",
    metadata,
    Column("folder_id", ForeignKey("folders.id"), primary_key=True),
    Column("name", LargeBinary, primary_key=True),
    Column("original_id", ForeignKey("originals.id"), primary_key=True, index=True),
    Column("current", Boolean, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("ctime_ns", BigInteger, nullable=False),
    Column("inode", BigInteger, nullable=False),
    Column("first_seen", Text, nullable=False),
    Column("last_seen", Text),  # absent: still there at the folder's last scan
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
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("recogniser", Integer, nullable=False),
    sqlite_with_rowid=False,
)

events = Table(
    "events",
    metadata,
    Column("writer", Text, primary_key=True),
    Column("seq", BigInteger, primary_key=True),
    Column("type", Text, nullable=False),
    Column("time", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("digest", Text, index=True),
    Column("run_id", BigInteger, index=True),
    Column("batch", Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)

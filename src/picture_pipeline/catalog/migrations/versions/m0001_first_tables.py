"""The first tables, the documented views, and the append-only events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

_SIGHTING_PATH = {
    "sqlite": "CAST(CASE WHEN length(f.path) = 0 THEN s.name "
    "ELSE f.path || '/' || s.name END AS BLOB)",
    "postgresql": "CASE WHEN length(f.path) = 0 THEN s.name "
    "ELSE f.path || '\\x2f'::bytea || s.name END",
}

_VIEWS = (
    """
    CREATE VIEW v_originals AS
    SELECT digest, sha1, md5, size, media_type, path, sidecar_sha256, original_name, ingested_at,
           asset, role, taken_at, taken_at_utc, taken_from, "offset", subsecond, make, model,
           software, lens, exposure_time, f_number, iso, focal_length, focal_length_35mm,
           orientation, width, height, latitude, longitude, altitude, accuracy, gps_time_utc,
           rating, title, caption, content_identifier, burst, incomplete
    FROM originals
    """,
    """
    CREATE VIEW v_assets AS
    SELECT a.id AS asset, a.kind, count(o.id) AS members, sum(o.size) AS bytes,
           min(o.taken_at) AS taken_at
    FROM assets a JOIN originals o ON o.asset = a.id GROUP BY a.id, a.kind
    """,
    """
    CREATE VIEW v_sightings AS
    SELECT o.digest, src.name AS source, {path} AS path, s.current, s.size, s.mtime_ns,
           s.first_seen, coalesce(s.last_seen, f.scanned_at) AS last_seen
    FROM sightings s JOIN folders f ON f.id = s.folder_id
    JOIN sources src ON src.id = f.source_id JOIN originals o ON o.id = s.original_id
    """,
)

_APPEND_ONLY = {
    "sqlite": (
        *(
            f"CREATE TRIGGER events_no_{verb.lower()} BEFORE {verb} ON events "
            "BEGIN SELECT RAISE(ABORT, 'events are append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without asking the trigger on DELETE.
        """
        CREATE TRIGGER events_no_replace BEFORE INSERT ON events
        WHEN EXISTS (SELECT 1 FROM events WHERE writer = NEW.writer AND seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, 'events are append-only'); END
        """,
    ),
    "postgresql": (
        """
        CREATE FUNCTION events_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$
        """,
        """
        CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON events
        FOR EACH STATEMENT EXECUTE FUNCTION events_append_only()
        """,
    ),
}


def upgrade() -> None:
    """Make tables, views and triggers."""
    _make_tables()
    dialect = op.get_bind().dialect.name
    for view in _VIEWS:
        op.execute(view.format(path=_SIGHTING_PATH[dialect]))
    for statement in _APPEND_ONLY[dialect]:
        op.execute(statement)


def _make_tables() -> None:
    op.create_table(
        "assets",
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assets")),
    )
    op.create_table(
        "binding",
        sa.Column("archive_id", _TEXT, nullable=False),
        sa.Column("bound_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("archive_id", name=op.f("pk_binding")),
    )
    op.create_table(
        "events",
        sa.Column("writer", _TEXT, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        sa.Column("time", _TEXT, nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=True),
        sa.Column("run_id", sa.BigInteger(), nullable=True),
        sa.Column("batch", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("writer", "seq", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_events_batch"), "events", ["batch"], unique=False)
    op.create_index(op.f("ix_events_run_id"), "events", ["run_id"], unique=False)
    op.create_table(
        "runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("command", _TEXT, nullable=False),
        sa.Column("writer", _TEXT, nullable=False),
        sa.Column("started_at", _TEXT, nullable=False),
        sa.Column("ended_at", _TEXT, nullable=True),
        sa.Column("status", _TEXT, nullable=False),
        sa.Column("seen", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("imported", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("duplicate", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("skipped", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("rejected", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("failed", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("bytes_imported", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("owner", _TEXT, nullable=True),
        sa.Column("policy", _TEXT, nullable=False),
        sa.Column("last_new", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
    )
    op.create_table(
        "folders",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "source_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("path", sa.LargeBinary(), nullable=False),
        sa.Column("scanned_at", _TEXT, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_folders_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_folders")),
    )
    op.create_index("ux_folders_source_key", "folders", ["source_id", "key"], unique=True)
    op.create_table(
        "found",
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("path", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_found")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "originals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("sha1", _TEXT, nullable=False),
        sa.Column("md5", _TEXT, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", _TEXT, nullable=False),
        sa.Column("path", _TEXT, nullable=False),
        sa.Column("sidecar_sha256", _TEXT, nullable=False),
        sa.Column("original_name", sa.LargeBinary(), nullable=False),
        sa.Column("ingested_at", _TEXT, nullable=False),
        sa.Column("asset", _TEXT, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("taken_at", _TEXT, nullable=False),
        sa.Column("taken_from", _TEXT, nullable=False),
        sa.Column("taken_at_utc", _TEXT, nullable=True),
        sa.Column("taken_sort", _TEXT, nullable=False),
        sa.Column("offset", _TEXT, nullable=True),
        sa.Column("subsecond", _TEXT, nullable=True),
        sa.Column("make", _TEXT, nullable=True),
        sa.Column("model", _TEXT, nullable=True),
        sa.Column("software", _TEXT, nullable=True),
        sa.Column("lens", _TEXT, nullable=True),
        sa.Column("exposure_time", sa.Float(), nullable=True),
        sa.Column("f_number", sa.Float(), nullable=True),
        sa.Column("iso", sa.BigInteger(), nullable=True),
        sa.Column("focal_length", sa.Float(), nullable=True),
        sa.Column("focal_length_35mm", sa.BigInteger(), nullable=True),
        sa.Column("orientation", sa.Integer(), nullable=True),
        sa.Column("width", sa.BigInteger(), nullable=True),
        sa.Column("height", sa.BigInteger(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("altitude", sa.Float(), nullable=True),
        sa.Column("accuracy", sa.Float(), nullable=True),
        sa.Column("gps_time_utc", _TEXT, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("title", _TEXT, nullable=True),
        sa.Column("caption", _TEXT, nullable=True),
        sa.Column("content_identifier", _TEXT, nullable=True),
        sa.Column("burst", _TEXT, nullable=True),
        sa.Column("incomplete", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("notes", _TEXT, nullable=True),
        sa.ForeignKeyConstraint(["asset"], ["assets.id"], name=op.f("fk_originals_asset")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_originals")),
        sa.UniqueConstraint("digest", name=op.f("uq_originals_digest")),
    )
    op.create_index(op.f("ix_originals_asset"), "originals", ["asset"], unique=False)
    op.create_index(
        op.f("ix_originals_content_identifier"), "originals", ["content_identifier"], unique=False
    )
    op.create_index(op.f("ix_originals_size"), "originals", ["size"], unique=False)
    op.create_index("ix_originals_taken_sort_id", "originals", ["taken_sort", "id"], unique=False)
    op.create_table(
        "keywords",
        sa.Column(
            "original_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("word", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"], ["originals.id"], name=op.f("fk_keywords_original_id")
        ),
        sa.PrimaryKeyConstraint("original_id", "kind", "position", name=op.f("pk_keywords")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "refusals",
        sa.Column(
            "folder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("ctime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("detail", _TEXT, nullable=False),
        sa.Column("recogniser", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name=op.f("fk_refusals_folder_id")),
        sa.PrimaryKeyConstraint("folder_id", "name", name=op.f("pk_refusals")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sightings",
        sa.Column(
            "folder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column(
            "original_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("ctime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", _TEXT, nullable=False),
        sa.Column("last_seen", _TEXT, nullable=True),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name=op.f("fk_sightings_folder_id")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["originals.id"], name=op.f("fk_sightings_original_id")
        ),
        sa.PrimaryKeyConstraint("folder_id", "name", "original_id", name=op.f("pk_sightings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_sightings_original_id"), "sightings", ["original_id"], unique=False)

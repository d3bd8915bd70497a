"""Sources that tell of albums and people; what consolidate looked at; reclaimed; undone runs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ADDED: tuple[tuple[str, sa.Column[object]], ...] = (
    ("sources", sa.Column("removed_at", _TEXT, nullable=True)),
    ("sources", sa.Column("added_at", _TEXT, nullable=True)),
    ("runs", sa.Column("undone_at", _TEXT, nullable=True)),
    ("runs", sa.Column("sources", _TEXT, nullable=True)),
    ("originals", sa.Column("favourite", sa.Boolean(), nullable=True)),
    ("originals", sa.Column("hidden", sa.Boolean(), nullable=True)),
    ("originals", sa.Column("stack", _TEXT, nullable=True)),
    ("sightings", sa.Column("told", _TEXT, nullable=True)),
)
_VIEW = """
    VIEW v_originals AS
    SELECT digest, sha1, md5, size, media_type, path, sidecar_sha256, original_name, ingested_at,
           asset, role, taken_at, taken_at_utc, taken_from, "offset", subsecond, make, model,
           software, lens, exposure_time, f_number, iso, focal_length, focal_length_35mm,
           orientation, width, height, latitude, longitude, altitude, accuracy, gps_time_utc,
           rating, title, caption, content_identifier, burst, incomplete, family, offset_from,
           duration, video_codec, frame_rate, audio_codec, motion_photo, superseded_by, revises,
           favourite, hidden, stack
    FROM originals
"""
_KEYWORDS_VIEW = """
    CREATE VIEW v_keywords AS
    SELECT o.digest, k.kind, k.position, k.word
    FROM keywords k JOIN originals o ON o.id = k.original_id
"""


def upgrade() -> None:
    """Add columns and tables; nothing that is booked changes."""
    for table, column in _ADDED:
        op.add_column(table, column)
    _widen_views()
    # Where each original is seen now is answered from the index alone.
    op.drop_index(op.f("ix_sightings_original_id"), "sightings")
    op.create_index(
        "ix_sightings_original_id_current", "sightings", ["original_id", "current"], unique=False
    )
    _make_source_scans()
    _make_picture_hashes()
    _make_candidates()
    _make_reclaimed()


def _widen_views() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP VIEW v_originals")
        op.execute("CREATE" + _VIEW)
    else:  # keeps what was granted to readers
        op.execute("CREATE OR REPLACE" + _VIEW)
    op.execute(_KEYWORDS_VIEW)


def _make_source_scans() -> None:
    op.create_table(
        "source_scans",
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("day", _TEXT, nullable=False),
        sa.Column("time", _TEXT, nullable=False),
        sa.Column("files", sa.BigInteger(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("fk_source_scans_source_id")
        ),
        sa.PrimaryKeyConstraint("source_id", "day", name=op.f("pk_source_scans")),
        sqlite_with_rowid=False,
    )


def _make_picture_hashes() -> None:
    op.create_table(
        "picture_hashes",
        sa.Column("original_id", _ID, nullable=False),
        sa.Column("pdq", sa.LargeBinary(), nullable=False),
        sa.Column("quality", sa.Integer(), nullable=False),
        sa.Column("hasher", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["original_id"], ["originals.id"], name=op.f("fk_picture_hashes_original_id")
        ),
        sa.PrimaryKeyConstraint("original_id", name=op.f("pk_picture_hashes")),
        sqlite_with_rowid=False,
    )


def _stamped() -> tuple[sa.Column[object], ...]:
    """Give the columns of what is kept by folder and name, with the file's size and time."""
    return (
        sa.Column("folder_id", _ID, nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
    )


def _make_candidates() -> None:
    op.create_table(
        "candidates",
        *_stamped(),
        sa.Column("ctime_ns", sa.BigInteger(), nullable=False),
        sa.Column("inode", sa.BigInteger(), nullable=False),
        sa.Column("looker", sa.Integer(), nullable=False),
        sa.Column("outcome", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=True),
        sa.Column("digest", _TEXT, nullable=True),
        sa.Column("facts", _TEXT, nullable=True),
        sa.Column("pdq", sa.LargeBinary(), nullable=True),
        sa.Column("quality", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["folder_id"], ["folders.id"], name=op.f("fk_candidates_folder_id")
        ),
        sa.PrimaryKeyConstraint("folder_id", "name", name=op.f("pk_candidates")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_candidates_digest"), "candidates", ["digest"], unique=False)


def _make_reclaimed() -> None:
    op.create_table(
        "reclaimed",
        *_stamped(),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("mode", sa.Integer(), nullable=False),
        sa.Column("reclaimed_at", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["folder_id"], ["folders.id"], name=op.f("fk_reclaimed_folder_id")),
        sa.PrimaryKeyConstraint("folder_id", "name", name=op.f("pk_reclaimed")),
        sqlite_with_rowid=False,
    )

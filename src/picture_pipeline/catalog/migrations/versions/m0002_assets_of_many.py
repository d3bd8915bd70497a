"""Assets of many originals: families, stems, further memberships; what videos tell."""

import sqlalchemy as sa
from alembic import op

from picture_pipeline.model.stems import take_apart

revision = "0002"
down_revision = "0001"

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 5000

_VIEWS = (
    "DROP VIEW v_assets",
    "DROP VIEW v_originals",
    """
    CREATE VIEW v_originals AS
    SELECT digest, sha1, md5, size, media_type, path, sidecar_sha256, original_name, ingested_at,
           asset, role, taken_at, taken_at_utc, taken_from, "offset", subsecond, make, model,
           software, lens, exposure_time, f_number, iso, focal_length, focal_length_35mm,
           orientation, width, height, latitude, longitude, altitude, accuracy, gps_time_utc,
           rating, title, caption, content_identifier, burst, incomplete, family, offset_from,
           duration, video_codec, frame_rate, audio_codec, motion_photo, superseded_by, revises
    FROM originals
    """,
    """
    CREATE VIEW v_members AS
    SELECT asset, digest, role FROM originals
    UNION ALL
    SELECT m.asset, o.digest, m.role FROM memberships m JOIN originals o ON o.id = m.original_id
    """,
    """
    CREATE VIEW v_assets AS
    SELECT a.id AS asset, a.kind, count(o.id) AS members, sum(o.size) AS bytes,
           min(o.taken_at) AS taken_at
    FROM assets a JOIN originals o ON o.asset = a.id GROUP BY a.id, a.kind
    """,
)


def upgrade() -> None:
    """Add columns, the stems of what was seen, memberships, views."""
    for column in _columns():
        op.add_column("originals", column)
    op.execute("UPDATE originals SET offset_from = 'tag' WHERE \"offset\" IS NOT NULL")
    op.create_index(op.f("ix_originals_burst"), "originals", ["burst"], unique=False)
    op.add_column("sightings", sa.Column("stem", sa.LargeBinary(), nullable=True))
    _fill_stems(op.get_bind())
    op.create_index("ix_sightings_folder_id_stem", "sightings", ["folder_id", "stem"])
    _make_memberships()
    for statement in _VIEWS:
        op.execute(statement)


def _columns() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("family", _TEXT, server_default="still", nullable=False),
        sa.Column("offset_from", _TEXT, nullable=True),
        sa.Column("duration", sa.Float(), nullable=True),
        sa.Column("video_codec", _TEXT, nullable=True),
        sa.Column("frame_rate", sa.Float(), nullable=True),
        sa.Column("audio_codec", _TEXT, nullable=True),
        sa.Column("motion_photo", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("superseded_by", _TEXT, nullable=True),
        sa.Column("revises", _TEXT, nullable=True),
        sa.Column("own", _TEXT, nullable=True),
    )


def _make_memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("asset", _TEXT, nullable=False),
        sa.Column("original_id", _ID, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.ForeignKeyConstraint(["asset"], ["assets.id"], name=op.f("fk_memberships_asset")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["originals.id"], name=op.f("fk_memberships_original_id")
        ),
        sa.PrimaryKeyConstraint("asset", "original_id", name=op.f("pk_memberships")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_memberships_original_id"), "memberships", ["original_id"])


def _fill_stems(connection: sa.Connection) -> None:
    """Take the names apart in keyset pages; 1,000,000 of them take about half a minute."""
    page = sa.text(
        "SELECT folder_id, name, original_id, size FROM sightings "
        "WHERE (folder_id, name, original_id) > (:folder_id, :name, :original_id) "
        "ORDER BY folder_id, name, original_id LIMIT :at_once"
    ).bindparams(sa.bindparam("name", type_=sa.LargeBinary()))
    update = sa.text(
        "UPDATE sightings SET stem = :stem WHERE folder_id = :folder_id AND name = :name "
        "AND original_id = :original_id"
    ).bindparams(
        sa.bindparam("name", type_=sa.LargeBinary()), sa.bindparam("stem", type_=sa.LargeBinary())
    )
    last: dict[str, object] = {"folder_id": -1, "name": b"", "original_id": -1}
    while rows := connection.execute(page, last | {"at_once": _AT_ONCE}).all():
        filled = [
            {
                "folder_id": row.folder_id,
                "name": bytes(row.name),
                "original_id": row.original_id,
                "stem": take_apart(bytes(row.name), row.size).stem,
            }
            for row in rows
        ]
        connection.execute(update, filled)
        last = {key: filled[-1][key] for key in last}

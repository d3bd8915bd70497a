"""Alembic's entry point: runs the migrations on the connection it is given."""

from alembic import context

from picture_pipeline.catalog.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,
)
context.run_migrations()

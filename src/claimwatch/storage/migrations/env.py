"""Run by alembic: migrations happen on the connection `migrate.py` hands over, in its transaction."""

from alembic import context

from claimwatch.storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,  # the surrounding transaction is ours
)
context.run_migrations()

"""Which schemas this release can use."""

from devtools.testing.databases import Databases
from estuary.run.postgres import lacking
from shared.database.connections import engine_of


async def lacks(url: str, *statements: str) -> str | None:
    engine = engine_of(url)
    try:
        async with engine.connect() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
            return await lacking(connection, "streams")
    finally:
        await engine.dispose()


async def test_one_at_this_release_or_a_later_one_is_used(databases: Databases):
    url = await databases.clone("streams")
    assert await lacks(url) is None
    assert await lacks(url, "update streams.alembic_version set version_num = 'streams_9999'") is None
    await databases.drop(url)


async def test_one_whose_first_migration_did_not_end_is_not(databases: Databases):
    url = await databases.clone("streams")
    assert "schema streams is at no version, this release needs" in str(
        await lacks(url, "delete from streams.alembic_version")
    )
    assert "schema streams is at no version" in str(await lacks(url, "drop table streams.alembic_version"))
    await databases.drop(url)

"""The Postgres that comes along, on machines of every kind."""

import os
from pathlib import Path

import asyncpg
import pytest

from shared.database.postgres import EmbeddedPostgres


@pytest.mark.parametrize("locale", ["C", "xx_YY.UTF-8"])
async def test_the_shells_locale_is_not_the_databases(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, locale: str):
    for name in ("LANG", "LC_CTYPE", "LC_COLLATE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LC_ALL", locale)
    server = EmbeddedPostgres(tmp_path / "postgres")
    try:
        connection = await asyncpg.connect(server.url)
        assert await connection.fetchval("select lower('ЙОГА IÉ')") == "йога ié"
        await connection.close()
    finally:
        server.stop()
    assert os.environ["LC_ALL"] == locale

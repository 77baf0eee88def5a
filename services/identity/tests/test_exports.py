"""Exports: gathered by a job, sealed, fetched as a zip."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import run_jobs
from services.identity.tests.conftest import registration
from services.identity.tests.test_addresses import stale_token

EXPORT = "/api/v1/auth/user/export/"


@pytest.fixture
def mine(ada):
    return headers_for(UUID(ada["user"]["id"]))


async def test_it_is_ready_after_the_job_and_holds_what_identity_has(app, client, ada, mine):
    asked = await client.post(EXPORT, headers=mine)
    assert (asked.status_code, asked.json()["status"], asked.json()["services"]) == (202, "queued", [])
    path = f"{EXPORT}{asked.json()['id']}/"
    assert (await client.get(f"{path}download/", headers=mine)).json()["code"] == "export_not_ready"
    await run_jobs(app)
    shown = (await client.get(path, headers=mine)).json()
    assert (shown["status"], shown["services"]) == ("ready", ["identity"])
    answer = await client.get(f"{path}download/", headers=mine)
    assert answer.headers["content-type"] == "application/zip"
    name = f"export-{asked.json()['id']}.zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.namelist() == ["identity.json", "manifest.json"]
    contents = json.loads(archive.read("identity.json"))
    [user] = contents["users"]
    assert (user["email"], user["first_name"]) == ("ada@example.com", "Ada")
    assert "password_hash" not in user
    listed = json.loads(archive.read("manifest.json"))["files"]["identity.json"]
    assert listed["sha256"] == hashlib.sha256(archive.read("identity.json")).hexdigest()
    assert listed["count"] == sum(len(rows) for rows in contents.values())


async def test_it_lies_sealed(app, client, ada, mine):
    await client.post(EXPORT, headers=mine)
    await run_jobs(app)
    async with app.state.runtime.db.read() as session:
        [sealed] = await session.scalars(text("select contents from identity.export_parts"))
    assert b"ada@example.com" not in sealed


async def test_again_within_a_day_is_the_same_and_later_another(app, client, ada, mine):
    first = (await client.post(EXPORT, headers=mine)).json()
    again = await client.post(EXPORT, headers=mine)
    assert (again.status_code, again.json()["id"]) == (200, first["id"])
    app.state.runtime.clock.advance(timedelta(hours=25))
    later = await client.post(EXPORT, headers=mine)
    assert (later.status_code, later.json()["id"] == first["id"]) == (202, False)


async def test_after_seven_days_it_is_gone(app, client, ada, mine):
    asked = (await client.post(EXPORT, headers=mine)).json()
    await run_jobs(app)
    app.state.runtime.clock.advance(timedelta(days=7))
    assert (await client.get(f"{EXPORT}{asked['id']}/", headers=mine)).status_code == 404
    await run_jobs(app)
    async with app.state.runtime.db.read() as session:
        assert await session.scalar(text("select count(*) from identity.export_parts")) == 0


async def test_another_s_is_404_and_an_old_sign_in_is_not_enough(client, ada, mine):
    asked = (await client.post(EXPORT, headers=mine)).json()
    other = (await client.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()
    theirs = headers_for(UUID(other["user"]["id"]))
    for path in (f"{EXPORT}{asked['id']}/", f"{EXPORT}{asked['id']}/download/"):
        assert (await client.get(path, headers=theirs)).status_code == 404
    stale = {"Authorization": f"Bearer {stale_token(ada)}"}
    assert (await client.post(EXPORT, headers=stale)).json()["code"] == "step_up_required"
    assert (await client.get(f"{EXPORT}{asked['id']}/download/", headers=stale)).status_code == 403


async def test_one_that_was_left_half_way_goes_on(app, client, ada, mine):
    asked = (await client.post(EXPORT, headers=mine)).json()
    async with app.state.runtime.db.transaction() as session:
        await session.execute(text("update identity.exports set status = 'running', tries = 3"))
    await run_jobs(app)
    assert (await client.get(f"{EXPORT}{asked['id']}/", headers=mine)).json()["status"] == "ready"


async def test_pages_go_on_where_the_last_one_ended_and_only_identity_reads_them(client, ada):
    path, found, after = f"/internal/people/{ada['user']['id']}/export/", [], None
    while True:
        query = {"limit": 1} | ({"after": after} if after else {})
        page = (await client.get(path, params=query, headers=service_headers("identity"))).json()
        found += page["results"]
        if (after := page["after"]) is None:
            break
    whole = (await client.get(path, headers=service_headers("identity"))).json()
    assert (found, whole["after"]) == (whole["results"], None)
    assert len(found) > 3
    assert (await client.get(path, headers=service_headers("catalog"))).status_code == 403
    assert (await client.get(path, headers=headers_for(UUID(ada["user"]["id"])))).status_code == 401
    bad = await client.get(path, params={"after": "no"}, headers=service_headers("identity"))
    assert bad.status_code == 422

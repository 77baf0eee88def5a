import pytest
from sqlalchemy import select, update

from services.messaging.tests.conftest import URL

ADMIN = "/api/v1/admin/conversations/"


async def audited(app):
    table = app.state.runtime.db.system_tables.audit
    async with app.state.runtime.db.read() as session:
        return [(entry.action, entry.after) for entry in await session.execute(select(table).order_by(table.c.id))]


async def reported(person, talk, expect=201):
    answer = await person.post(f"{URL}{talk['id']}/reports/", {"reason": "rude"})
    assert answer.status_code == expect, answer.text
    return answer.json()


class TestReport:
    async def test_a_second_while_it_is_open_is_the_same(self, client, seller, talk):
        first = await reported(client, talk)
        assert (first["status"], first["reporter_id"]) == ("open", str(client.id))
        assert await reported(client, talk, 200) == first
        assert (await reported(seller, talk))["id"] != first["id"]

    @pytest.mark.parametrize("body", [{}, {"reason": " "}, {"reason": "x" * 2001}], ids=["none", "blank", "long"])
    async def test_bad_bodies(self, client, talk, body):
        assert (await client.post(f"{URL}{talk['id']}/reports/", body)).status_code == 422


class TestStaff:
    async def test_they_see_a_reported_conversation_and_only_that_on_record(self, app, someone, client, staff, talk):
        other = await client.opens(await someone("Hal", verified=True))
        await client.writes(talk, "something rude")
        for place in (talk, other):
            assert (await staff.get(f"{ADMIN}{place['id']}/messages/")).status_code == 404
        await reported(client, talk)
        seen = (await staff.get(f"{ADMIN}{talk['id']}/messages/")).json()
        assert [message["body"] for message in seen["results"]] == ["something rude"]
        assert (await staff.get(f"{ADMIN}{other['id']}/messages/")).status_code == 404
        assert (await staff.get(f"{URL}{talk['id']}/messages/")).status_code == 404
        assert [action for action, _ in await audited(app)] == ["conversation.read"]

    async def test_upholding_closes_it_on_record(self, app, client, seller, staff, talk):
        report = await reported(client, talk)
        listed = (await staff.get(f"{ADMIN}reports/", status="open")).json()["results"]
        assert [each["id"] for each in listed] == [report["id"]]
        url = f"{ADMIN}reports/{report['id']}/resolve/"
        resolved = (await staff.post(url, {"outcome": "upheld", "note": "indeed"})).json()
        assert (resolved["status"], resolved["note"]) == ("upheld", "indeed")
        assert (await seller.writes(talk, expect=409))["code"] == "conversation_closed"
        assert (await client.sees(talk))["status"] == "closed"
        assert [action for action, _ in await audited(app)] == ["report.resolve", "conversation.close"]
        assert (await staff.get(f"{ADMIN}{talk['id']}/messages/")).status_code == 404
        assert (await staff.post(url, {"outcome": "dismissed"})).json()["code"] == "illegal_transition"

    async def test_dismissing_leaves_it_open(self, client, staff, talk):
        report = await reported(client, talk)
        await staff.post(f"{ADMIN}reports/{report['id']}/resolve/", {"outcome": "dismissed"})
        await client.writes(talk)
        await reported(client, talk)

    async def test_a_report_that_is_not_there_is_404(self, staff, talk):
        url = f"{ADMIN}reports/{talk['id']}/resolve/"
        assert (await staff.post(url, {"outcome": "upheld"})).status_code == 404

    async def test_the_record_cannot_be_rewritten(self, app, client, staff, talk):
        await reported(client, talk)
        await staff.get(f"{ADMIN}{talk['id']}/messages/")
        with pytest.raises(Exception, match="permission denied"):
            async with app.state.runtime.db.transaction() as session:
                await session.execute(update(session.system_tables.audit).values(action="nothing"))

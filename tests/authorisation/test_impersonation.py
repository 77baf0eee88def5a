"""Staff in a person's place, over all services: what they read, and what stays the person's own."""

from uuid import UUID

import pytest
from sqlalchemy import text

from devtools.testing.callers import token_for
from estuary.services import SERVICES
from services.identity.impersonations.domain import lent_scopes
from shared.auth.scopes import needs_whole_session
from shared.auth.token_signing import Narrowing
from shared.records.ids import new_id
from tests.authorisation.access import PASSES, ROLES, Row
from tests.authorisation.market import Market
from tests.authorisation.rows import ROWS

NEVER = {"messaging", "payments"}
READS = {"GET", "WS"}
KEPT_TO_THE_PERSON = {
    ("POST", "/api/v1/bookings"),
    ("POST", "/api/v1/bookings/{booking_id}/cancel"),
    ("POST", "/api/v1/bookings/{booking_id}/complete"),
    ("POST", "/api/v1/bookings/{booking_id}/no-show"),
    ("POST", "/api/v1/bookings/{booking_id}/room-token"),
    ("POST", "/api/v1/consents"),
}
"""What moves money, enters a room, or is a word of the person's own."""


def lend(market: Market, person: str, *, write: bool = False) -> UUID:
    """`market.tokens["lent"]` is that of staff in the person's place; returns who the staff are."""
    staff_id, roles = new_id(), ROLES[person]
    narrowing = Narrowing(lent_scopes(roles, write=write), actor_id=staff_id)
    own = UUID(market.objects[f"{person}_user_id"])
    practitioner = UUID(market.objects["practitioner_id"]) if person == "practitioner" else None
    market.tokens["lent"] = token_for(own, roles, practitioner, narrowing)
    return staff_id


def private(service: str) -> list[Row]:
    """The operations for which somebody has to be signed in."""
    return [row for row in ROWS[service] if row.access["anonymous"] == 401 and row.access["service"] == 401]


async def statuses(market: Market, service: str, rows: list[Row]) -> list[tuple[Row, int]]:
    """What each answers that token."""
    found = []
    for row in rows:
        if row.fresh and row.fresh not in market.objects:
            await market.renew(row.fresh)
        found.append((row, await market.status(service, row, "lent")))
    return found


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("person", ["client", "practitioner"])
async def test_what_the_person_reads_is_read_but_for_messages_and_money(market: Market, service: str, person: str):
    lend(market, person)
    reads = [row for row in private(service) if row.method in READS and row.access[person] == PASSES]
    for row, status in await statuses(market, service, reads):
        closed = service in NEVER
        assert (status == 403) is closed, (row.method, row.path, status)


@pytest.mark.parametrize("service", SERVICES)
async def test_without_write_nothing_is_changed(market: Market, service: str):
    lend(market, "practitioner")
    writes = [row for row in private(service) if row.method not in READS]
    assert [(row, status) for row, status in await statuses(market, service, writes) if status != 403] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_with_write_some_things_stay_the_persons_own(market: Market, service: str):
    lend(market, "practitioner", write=True)
    kept = [row for row in private(service) if row.operation in KEPT_TO_THE_PERSON or service in NEVER]
    kept += [row for row in private(service) if needs_whole_session(row.path, row.method)]
    assert [(row, status) for row, status in await statuses(market, service, kept) if status != 403] == []


async def test_a_change_is_noted_with_staff_and_person(market: Market):
    staff_id, path = lend(market, "practitioner", write=True), f"/api/v1/services/{market.objects['service_id']}/"
    headers = market.headers("lent", "catalog")
    answer = await market.clients["catalog"].put(path, json={"title": "Evening yoga"}, headers=headers)
    assert answer.status_code == 200, answer.text
    async with market.runtime("catalog").db.read() as session:
        wanted = text("select * from catalog.audit where id = :id")
        row = (await session.execute(wanted, {"id": UUID(answer.headers["audit-id"])})).one()
    person = UUID(market.objects["practitioner_user_id"])
    assert (row.actor_id, row.on_behalf_of, row.subject_id) == (staff_id, person, person)
    assert (row.action, row.after) == ("user.act_in_place", {"method": "PUT", "path": path})

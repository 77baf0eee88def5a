"""Where practitioners work: who sees how much of it, and what cannot be deleted."""

from uuid import UUID

import pytest

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import events_of
from services.catalog.locations.domain import Coordinates
from services.catalog.tests.conftest import API, CLIENT_ID, USED
from shared.events.catalog import LocationAdded, LocationRemoved
from shared.records.ids import new_id

STUDIO = {
    "name": "Studio",
    "line1": "Torstraße 1",
    "line2": "Backyard",
    "city": "Berlin",
    "region": "Berlin",
    "postal_code": "10119",
    "country": "DE",
    "point": {"lat": 52.5291, "lon": -13.4019},
    "directions": "Ring twice.",
}
ROOM = {"name": "Video", "is_virtual": True}
HIDDEN = ("line1", "line2", "region", "postal_code", "directions")


def path_of(person, location=None):
    return f"{API}/practitioners/{person.id}/locations/" + (f"{location['id']}/" if location else "")


@pytest.fixture
def adds(client):
    async def post(person, body=None, status=201, **changes):
        answer = await client.post(path_of(person), json={**(body or STUDIO), **changes}, headers=person.headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    return post


@pytest.mark.parametrize(
    ("point", "middle"),
    [((52.5291, 13.4019), (52.53, 13.41)), ((-0.001, 0.0), (-0.01, 0.01)), ((52.52, -13.4), (52.53, -13.39))],
)
def test_a_point_is_blurred_to_the_middle_of_its_cell(point, middle):
    assert Coordinates(*point).blurred() == middle


class TestLocations:
    async def test_anonymous_is_401_and_a_stranger_404(self, client, maya, adds):
        location, stranger = await adds(maya), headers_for()
        for headers, status in ((None, 401), (stranger, 404)):
            assert (await client.post(path_of(maya), json=STUDIO, headers=headers)).status_code == status
            for method in ("PUT", "DELETE"):
                body = {"json": {"name": "Mine"}} if method == "PUT" else {}
                answer = await client.request(method, path_of(maya, location), headers=headers, **body)
                assert answer.status_code == status
        assert (await client.get(path_of(maya))).status_code == 200

    async def test_exactly_one_is_primary(self, app, client, maya, adds):
        first, second = await adds(maya), await adds(maya, ROOM)
        assert (first["is_primary"], second["is_primary"], second["is_virtual"]) == (True, False, True)
        assert (first["precision"], second["precision"]) == ("address", None)
        changed = await client.put(path_of(maya, second), json={"is_primary": True}, headers=maya.headers)
        assert changed.json()["is_primary"]
        listed = (await client.get(path_of(maya))).json()["results"]
        assert [(each["id"], each["is_primary"]) for each in listed] == [(second["id"], True), (first["id"], False)]
        assert (await client.delete(path_of(maya, second), headers=maya.headers)).status_code == 204
        assert (await client.get(path_of(maya))).json()["results"] == [first | {"updated_at": listed[1]["updated_at"]}]
        added = [event for event in await events_of(app.state.runtime) if isinstance(event, LocationAdded)]
        assert [event.is_virtual for event in added] == [False, True]
        gone = [event for event in await events_of(app.state.runtime) if isinstance(event, LocationRemoved)]
        assert [str(event.location_id) for event in gone] == [second["id"]]

    async def test_a_change_keeps_what_it_leaves_out(self, client, maya, adds):
        location = await adds(maya)
        change = {"line1": "Torstraße 2", "line2": None, "point": None, "visibility": "area"}
        changed = (await client.put(path_of(maya, location), json=change, headers=maya.headers)).json()
        assert changed == location | change | {"precision": None, "updated_at": changed["updated_at"]}

    @pytest.mark.parametrize(
        ("body", "field", "code"),
        [
            ({"name": "Studio", "city": "Berlin", "country": "DE"}, "line1", "one_needed"),
            (STUDIO | {"city": None}, "city", "one_needed"),
            (STUDIO | {"country": "Germany"}, "country", "string_pattern_mismatch"),
            (STUDIO | {"point": {"lat": 91, "lon": 0}}, "point.lat", "less_than_equal"),
            (STUDIO | {"point": {"lat": 1}}, "point.lon", "missing"),
            (STUDIO | {"visibility": "secret"}, "visibility", "enum"),
            (STUDIO | {"floor": 2}, "floor", "extra_forbidden"),
            (ROOM | {"line1": "Torstraße 1"}, "line1", "virtual_location"),
            (ROOM | {"point": {"lat": 1, "lon": 1}}, "point", "virtual_location"),
        ],
    )
    async def test_nonsense_is_422(self, maya, adds, body, field, code):
        error = (await adds(maya, body, 422))["errors"][0]
        assert (error["field"], error["code"]) == (field, code)

    @pytest.mark.parametrize("change", [{"line1": None}, {"is_primary": False}, {"is_virtual": True}, {"name": ""}])
    async def test_a_change_is_checked_too(self, client, maya, adds, change):
        location = await adds(maya)
        answer = await client.put(path_of(maya, location), json=change, headers=maya.headers)
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, list(change))

    async def test_what_is_virtual_gets_no_address(self, client, maya, adds):
        location = await adds(maya, ROOM)
        answer = await client.put(path_of(maya, location), json={"city": "Berlin"}, headers=maya.headers)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "city")

    async def test_there_are_twenty_at_most(self, maya, adds):
        for _ in range(20):
            await adds(maya, ROOM)
        assert (await adds(maya, ROOM, 409))["code"] == "too_many_locations"


class TestVisibility:
    async def test_a_home_is_shown_to_its_owner_staff_and_who_has_a_booking_there(self, client, maya, adds, staff):
        home = await adds(maya, visibility="area")
        shown = {
            name: (await client.get(path_of(maya), headers=headers)).json()["results"][0]
            for name, headers in {
                "owner": maya.headers,
                "staff": staff,
                "anonymous": None,
                "stranger": headers_for(),
            }.items()
        }
        assert shown["owner"] == shown["staff"] == home
        for name in ("anonymous", "stranger"):
            assert [shown[name][field] for field in HIDDEN] == [None] * 5
            assert (shown[name]["city"], shown[name]["precision"]) == ("Berlin", "city")
            assert shown[name]["point"] == {"lat": 52.53, "lon": -13.41}
        USED[UUID(home["id"])] = CLIENT_ID
        assert (await client.get(path_of(maya), headers=headers_for(CLIENT_ID))).json()["results"] == [home]

    async def test_those_of_who_is_not_public_are_not_shown(self, client, applicant, adds):
        person = await applicant()
        await adds(person)
        assert (await client.get(path_of(person))).status_code == 404
        assert (await client.get(path_of(person), headers=person.headers)).json()["total"] == 1


class TestUse:
    async def test_what_is_in_use_is_not_deleted(self, client, maya, adds):
        held, named = await adds(maya), await adds(maya)
        USED[UUID(held["id"])] = new_id()
        service = await maya.creates_service(location_ids=[named["id"]])
        for location in (held, named):
            answer = await client.delete(path_of(maya, location), headers=maya.headers)
            assert (answer.status_code, answer.json()["code"]) == (409, "location_in_use")
        url = f"{API}/services/{service['id']}/"
        assert (await client.put(url, json={"location_ids": []}, headers=maya.headers)).status_code == 200
        assert (await client.delete(path_of(maya, named), headers=maya.headers)).status_code == 204

    async def test_a_service_is_at_locations_of_one_s_own(self, client, maya, practitioner, adds):
        own, strange = await adds(maya), await adds(await practitioner(display_name="Noa"))
        service = await maya.creates_service(location_ids=[own["id"]])
        assert service["location_ids"] == [own["id"]]
        change = {"location_ids": [own["id"], strange["id"]]}
        answer = await client.put(f"{API}/services/{service['id']}/", json=change, headers=maya.headers)
        error = answer.json()["errors"][0]
        assert (answer.status_code, error["field"], error["code"]) == (422, "location_ids.1", "unknown_location")

    async def test_booking_asks_for_them(self, client, maya, adds):
        location = await adds(maya, ROOM)
        path = f"/internal/practitioners/{maya.id}/locations/"
        answer = await client.get(path, headers=service_headers("booking"))
        known = {"location_id": location["id"], "practitioner_id": str(maya.id), "is_virtual": True}
        assert answer.json() == {"results": [known]}

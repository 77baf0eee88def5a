from datetime import timedelta
from typing import Any

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver
from services.notifications.preferences.domain import Topic
from shared.events.booking import BookingConfirmed
from shared.records.ids import new_id

URL = "/api/v1/notifications/"


@pytest.fixture
def client(app, client_for) -> Any:
    return client_for(app)


@pytest.fixture
async def notified(app, booking) -> None:
    await deliver(app, BookingConfirmed(booking=booking()))


class TestList:
    async def test_anonymous_is_refused(self, client):
        assert (await client.get(URL)).status_code == 401

    async def test_stranger_sees_nothing(self, client, notified):
        answer = (await client.get(URL, headers=headers_for())).json()
        assert (answer["results"], answer["total"], answer["unread_count"]) == ([], 0, 0)

    async def test_newest_come_first_with_the_number_of_unread(self, app, client, clock, booking, notified, client_id):
        clock.advance(timedelta(minutes=1))
        await deliver(app, BookingConfirmed(booking=booking(id=new_id(), service_title="Second")))
        answer = (await client.get(URL, headers=headers_for(client_id), params={"limit": 1})).json()
        assert [notification["title"] for notification in answer["results"]] == ["Booking confirmed: Second"]
        assert (answer["total"], answer["has_more"], answer["unread_count"]) == (2, True, 2)
        assert set(answer["results"][0]) == {"id", "type", "title", "body", "data", "read_at", "created_at"}
        assert answer["results"][0]["created_at"] == "2026-12-01T08:01:00Z"
        oldest = (await client.get(URL, headers=headers_for(client_id), params={"ordering": "created_at"})).json()
        assert oldest["results"][-1] == answer["results"][0]
        found = (await client.get(URL, headers=headers_for(client_id), params={"search": "SÉCOND -first"})).json()
        assert (found["results"], found["total"]) == (answer["results"], 1)
        assert (await client.get(f"{URL}?ordering=body", headers=headers_for(client_id))).status_code == 422


class TestRead:
    async def test_anonymous_is_refused(self, client):
        assert (await client.post(f"{URL}{new_id()}/read/")).status_code == 401

    async def test_anothers_is_absent(self, client, notified, client_id, seller_id):
        notification = await self.first(client, client_id)
        answer = await client.post(f"{URL}{notification['id']}/read/", headers=headers_for(seller_id))
        assert answer.status_code == 404
        assert (await client.post(f"{URL}not-an-id/read/", headers=headers_for(client_id))).status_code == 404

    async def test_reading_again_keeps_the_first_moment(self, client, clock, notified, client_id):
        notification = await self.first(client, client_id)
        for _ in range(2):
            answer = await client.post(f"{URL}{notification['id']}/read/", headers=headers_for(client_id))
            assert (answer.status_code, answer.json()["read_at"]) == (200, "2026-12-01T08:00:00Z")
            clock.advance(timedelta(hours=1))
        assert (await client.get(URL, headers=headers_for(client_id))).json()["unread_count"] == 0

    async def test_all_at_once_touches_only_ones_own(self, client, notified, client_id, seller_id):
        answer = await client.post(f"{URL}read-all/", headers=headers_for(client_id))
        assert (answer.status_code, answer.json()) == (200, {"unread_count": 0})
        assert (await client.get(URL, headers=headers_for(client_id))).json()["unread_count"] == 0
        assert (await client.get(URL, headers=headers_for(seller_id))).json()["unread_count"] == 1

    async def first(self, client: Any, user_id: Any) -> Any:
        return (await client.get(URL, headers=headers_for(user_id))).json()["results"][0]


class TestPreferences:
    async def test_anonymous_is_refused(self, client):
        assert (await client.get(f"{URL}preferences/")).status_code == 401

    async def test_everything_is_on_at_first(self, client, client_id):
        answer = (await client.get(f"{URL}preferences/", headers=headers_for(client_id))).json()
        on = {"email": True, "in_app": True}
        assert answer == {topic.value: on for topic in Topic}

    async def test_what_is_switched_off_stays_away(self, app, client, booking, client_id, seller_id):
        off = {"email": False, "in_app": False}
        answer = await client.put(f"{URL}preferences/", headers=headers_for(client_id), json={"bookings": off})
        assert (answer.status_code, answer.json()["bookings"]) == (200, off)
        assert answer.json()["reminders"] == {"email": True, "in_app": True}
        await deliver(app, BookingConfirmed(booking=booking()))
        assert (await client.get(URL, headers=headers_for(client_id))).json()["total"] == 0
        assert (await client.get(URL, headers=headers_for(seller_id))).json()["total"] == 1

    async def test_an_unknown_topic_is_refused(self, client, client_id):
        answer = await client.put(f"{URL}preferences/", headers=headers_for(client_id), json={"unknown": {}})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "extra_forbidden")

    @pytest.mark.parametrize("topic", Topic)
    async def test_null_is_no_value(self, client, client_id, topic):
        answer = await client.put(f"{URL}preferences/", headers=headers_for(client_id), json={topic.value: None})
        assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (422, [topic.value])

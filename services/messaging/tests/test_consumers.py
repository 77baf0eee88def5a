from sqlalchemy import text

from devtools.testing.delivery import deliver, deliver_twice, erase
from services.messaging.invariants import INVARIANTS
from services.messaging.tests.conftest import URL, approved, booked, registered, snapshot
from shared.events.booking import BookingConfirmed
from shared.events.catalog import PractitionerApplied, PractitionerUpdated
from shared.events.identity import UserDeactivated, UserUpdated


async def name_of(caller, conversation, person):
    shown = (await caller.sees(conversation))["participants"]
    return next((each["name"], each["is_active"]) for each in shown if each["user_id"] == str(person.id))


class TestPeople:
    async def test_a_new_name_is_shown(self, app, client, seller, talk):
        renamed = UserUpdated(
            user_id=client.id, email="c@example.org", first_name="Cleo", last_name="New", timezone="UTC"
        )
        await deliver_twice(app, renamed)
        assert await name_of(seller, talk, client) == ("Cleo New", True)

    async def test_a_deactivated_persons_name_is_gone_and_the_history_stays(self, app, client, seller, talk):
        await seller.writes(talk, "see you")
        await deliver_twice(app, UserDeactivated(user_id=seller.id))
        assert await name_of(client, talk, seller) == (None, False)
        assert await client.history(talk) == ["see you"]
        assert (await client.writes(talk, expect=409))["code"] == "conversation_closed"
        await deliver(app, registered(seller.id, "Back"))
        assert await name_of(client, talk, seller) == (None, False)

    async def test_who_asked_to_be_erased_leaves_no_words(self, app, client, seller, talk):
        await seller.writes(talk, "my address is 5 High Street", client_id="mine")
        await client.writes(talk, "thanks")
        await erase(app, seller.id)
        assert await client.history(talk) == ["thanks", ""]
        assert (await client.get(f"{URL}messages/", search="High Street")).json()["total"] == 0

    async def test_nobody_opens_with_who_is_no_more(self, app, client, seller):
        await deliver(app, UserDeactivated(user_id=seller.id))
        await client.opens(seller, expect=404)


class TestPractitioners:
    async def test_the_newest_word_counts_in_whatever_order(self, app, client, seller):
        facts = approved(seller).model_dump(exclude={"note"})
        await deliver_twice(app, PractitionerUpdated(**facts | {"verification_status": "rejected", "version": 4}))
        await deliver_twice(app, approved(seller, "approved", 3))
        await client.opens(seller, expect=403)
        await deliver_twice(app, approved(seller, "approved", 5))
        await deliver_twice(app, PractitionerApplied(**facts | {"verification_status": "pending", "version": 1}))
        await client.opens(seller)


class TestBookingConfirmed:
    async def test_its_conversation_opens_by_itself_once(self, app, client, seller):
        booking = snapshot(client, seller)
        await deliver_twice(app, BookingConfirmed(booking=booking))
        await deliver(app, BookingConfirmed(booking=booking))
        for person in (client, seller):
            [found] = (await person.get(URL, booking_id=str(booking.id))).json()["results"]
            assert (found["booking_id"], found["unread_count"]) == (str(booking.id), 0)

    async def test_two_bookings_are_two_conversations(self, app, client, seller):
        await booked(app, client, seller)
        await booked(app, client, seller)
        assert (await client.get(URL)).json()["total"] == 2

    async def test_seats_that_are_bought_as_one_have_the_conversation_of_their_parent(self, app, client, seller):
        parent = snapshot(client, seller).model_copy(update={"kind": "group"})
        child = snapshot(client, seller).model_copy(update={"kind": "group", "parent_id": parent.id})
        for booking in (child, parent):
            await deliver(app, BookingConfirmed(booking=booking))
        [found] = (await client.get(URL)).json()["results"]
        assert found["booking_id"] == str(parent.id)


async def test_every_invariant_can_be_asked_and_holds(app, client, seller, talk):
    await booked(app, client, seller)
    await seller.reads(talk, await client.writes(talk))
    await client.post(f"{URL}{talk['id']}/reports/", {"reason": "rude"})
    await erase(app, seller.id)
    async with app.state.runtime.db.read() as session:
        for name, sql in INVARIANTS.items():
            assert not (await session.execute(text(sql))).all(), name

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, run_jobs
from devtools.testing.observation import statements
from services.messaging.conversations.models import Conversation
from services.messaging.tests.conftest import URL, account, approved, booked, practice, snapshot
from shared.records.ids import new_id

BODIES = {"messages/": {"body": "hi"}, "read/": {"up_to": str(new_id())}, "reports/": {"reason": "rude"}}


class TestOpen:
    async def test_a_client_opens_with_a_practitioner(self, client, seller):
        opened = await client.opens(seller, subject="Knees")
        assert set(opened) >= {"id", "participants", "booking_id", "last_message", "unread_count"}
        assert (opened["booking_id"], opened["last_message"], opened["unread_count"]) == (None, None, 0)
        names = {person["user_id"]: person["name"] for person in opened["participants"]}
        assert names == {str(client.id): "Cleo Doe", str(seller.id): "Sal's practice"}

    async def test_the_same_people_again_have_the_same_one(self, client, seller, talk):
        assert (await client.opens(seller, expect=200))["id"] == talk["id"]
        assert (await client.opens(seller, seller, expect=200))["id"] == talk["id"]
        assert (await seller.opens(client, expect=200))["id"] == talk["id"]

    async def test_twenty_at_once_make_one(self, app, client, seller):
        body = {"participant_ids": [str(seller.id)]}
        answers = await asyncio.gather(*(client.post(URL, body) for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [200] * 19 + [201]
        assert len({answer.json()["id"] for answer in answers}) == 1
        async with app.state.runtime.db.read() as session:
            assert await session.scalar(select(func.count()).select_from(Conversation)) == 1

    async def test_an_idempotency_key_replays_the_answer(self, client, seller):
        body = {"participant_ids": [str(seller.id)]}
        headers = {**client.headers, "Idempotency-Key": "k"}
        answers = [await client.client.post(URL, json=body, headers=headers) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[1].headers["Idempotent-Replayed"] == "true"

    async def test_nobody_writes_to_themselves(self, client, seller):
        for others in ([client], [seller, client]):
            answer = await client.opens(*others, expect=422)
            assert (answer["code"], answer["errors"][0]["field"]) == ("writes_to_oneself", "participant_ids")

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"participant_ids": []},
            {"participant_ids": ["nobody"]},
            {"participant_ids": [str(new_id()) for _ in range(200)]},
            {"participant_ids": [str(new_id())], "color": "red"},
            {"participant_ids": [str(new_id())], "subject": " "},
        ],
    )
    async def test_bad_bodies(self, client, body):
        assert (await client.post(URL, body)).status_code == 422


class TestWhoMayWriteToWhom:
    async def test_a_client_not_to_a_client(self, client, stranger):
        assert (await client.opens(stranger, expect=403))["code"] == "not_allowed_to_write"

    async def test_not_to_a_practitioner_who_is_not_verified(self, app, client, seller):
        await deliver(app, approved(seller, "rejected", 3))
        await client.opens(seller, expect=403)

    async def test_a_practitioner_to_who_has_booked(self, app, client, seller):
        await seller.opens(client, expect=403)
        await booked(app, client, seller)
        await seller.opens(client)

    async def test_a_practitioner_to_who_has_written(self, someone, client, seller, talk):
        helper = await someone("Hal", verified=True)
        await seller.opens(client, helper, expect=403)
        await client.writes(talk)
        await seller.opens(client, helper)

    async def test_a_group_needs_leave_for_each(self, someone, client, seller, stranger):
        await client.opens(seller, stranger, expect=403)
        await client.opens(seller, await someone("Hal", verified=True))

    async def test_nobody_whom_a_block_stands_between(self, someone, client, seller, talk):
        helper = await someone("Hal", verified=True)
        await client.writes(talk)
        await client.post(f"{URL}{talk['id']}/block/")
        assert (await client.opens(seller, helper, expect=403))["code"] == "blocked"
        assert (await seller.opens(client, helper, expect=403))["code"] == "blocked"
        assert (await client.opens(seller, expect=200))["id"] == talk["id"]


class TestOthersAreAsked:
    """Ids of which no event has told yet."""

    async def test_an_unknown_user_is_404(self, someone, client):
        assert (await client.opens(await someone(known=False), expect=404))["code"] == "not_found"

    async def test_a_practitioner_unheard_of(self, elsewhere, someone, client):
        other = await someone(known=False)
        elsewhere["identity"][str(other.id)] = account("Una", "Heard")
        await client.opens(other, expect=403)
        elsewhere["catalog"][str(other.id)] = practice("Una's practice")
        opened = await client.opens(other)
        assert "Una's practice" in {person["name"] for person in opened["participants"]}

    async def test_the_names_of_members_unheard_of_are_learnt(self, app, elsewhere, someone, client):
        seller, gone = await someone(known=False), await someone(known=False)
        elsewhere["identity"][str(seller.id)] = account("Una", "Heard")
        about = [await client.opens(other, expect=200, booking_id=str((await booked(app, client, other)).id))
                 for other in (seller, gone)]  # fmt: skip
        await run_jobs(app)
        shown = [(await client.sees(each))["participants"] for each in about]
        facts = {person["user_id"]: (person["name"], person["is_active"]) for each in shown for person in each}
        assert facts[str(seller.id)] == ("Una Heard", True)
        assert facts[str(gone.id)] == (None, False)


class TestBookings:
    async def test_its_two_sides_open_it(self, app, client, seller, talk):
        booking = await booked(app, client, seller)
        about = await client.opens(seller, expect=200, booking_id=str(booking.id))
        assert (about["booking_id"], about["subject"]) == (str(booking.id), "Quiet yoga")
        assert about["id"] != talk["id"]
        assert (await seller.opens(client, expect=200, booking_id=str(booking.id)))["id"] == about["id"]

    async def test_a_stranger_finds_no_such_booking(self, app, client, seller, stranger):
        booking = await booked(app, client, seller)
        await stranger.opens(seller, expect=404, booking_id=str(booking.id))

    async def test_only_its_two_sides_take_part(self, app, someone, client, seller):
        booking = await booked(app, client, seller)
        helper = await someone("Hal", verified=True)
        answer = await client.opens(seller, helper, expect=422, booking_id=str(booking.id))
        assert answer["code"] == "not_of_this_booking"

    async def test_one_unheard_of_is_asked_for(self, elsewhere, client, seller):
        confirmed, held = snapshot(client, seller), snapshot(client, seller, status="pending_payment")
        elsewhere["booking"].update({str(each.id): each.model_dump(mode="json") for each in (confirmed, held)})
        await client.opens(seller, expect=404, booking_id=str(new_id()))
        assert (await client.opens(seller, expect=409, booking_id=str(held.id)))["code"] == "booking_not_confirmed"
        await client.opens(seller, booking_id=str(confirmed.id))

    async def test_a_hold_that_was_given_up_has_no_conversation(self, elsewhere, client, seller):
        held = snapshot(client, seller, status="cancelled")
        elsewhere["booking"][str(held.id)] = held.model_dump(mode="json") | {"was_confirmed": False}
        assert (await client.opens(seller, expect=409, booking_id=str(held.id)))["code"] == "booking_not_confirmed"


class TestList:
    async def test_newest_activity_first(self, someone, client, clock):
        talks = []
        for name in ("Ann", "Bea", "Cas"):
            talks.append(await client.opens(await someone(name, verified=True)))
            clock.advance(timedelta(seconds=1))
        await client.writes(talks[0], "back to you")
        listed = (await client.get(URL)).json()
        assert [each["id"] for each in listed["results"]] == [talks[0]["id"], talks[2]["id"], talks[1]["id"]]
        assert (listed["total"], listed["has_more"]) == (3, False)
        assert listed["results"][0]["last_message"]["body"] == "back to you"
        oldest = (await client.get(URL, ordering="created_at")).json()["results"]
        assert [each["id"] for each in oldest] == [talk["id"] for talk in talks]
        assert (await client.get(URL, ordering="subject")).status_code == 422

    async def test_search_finds_subjects_and_words(self, someone, client):
        first = await client.opens(await someone("Ann", verified=True), subject="Left knee")
        second = await client.opens(await someone("Bea", verified=True))
        await client.writes(second, "My KNEE hurts by 100%_")
        for words, found in (("knee", {first["id"], second["id"]}), ("100%_", {second["id"]}), ("100%%", set())):
            listed = (await client.get(URL, search=words)).json()["results"]
            assert {each["id"] for each in listed} == found

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("cafe", {"Meet at the Café", "Café or 100% park?"}),
            ("CAFÉ -park", {"Meet at the Café"}),
            ("\uff05", {"Café or 100% park?"}),  # the full-width sign is folded to `%`, which stays a sign
            ("-" * 33, set()),
            ('"', set()),
            ("授業", {"日本語の授業"}),
            ("at the", {"Meet at the Café"}),
            ("-cafe", {"日本語の授業"}),
        ],
    )
    async def test_search_folds_excludes_and_takes_signs_as_signs(self, client, talk, query, found):
        for body in ("Meet at the Café", "Café or 100% park?", "日本語の授業"):
            await client.writes(talk, body)
        answer = await client.get(f"{URL}messages/", search=query)
        assert {message["body"] for message in answer.json()["results"]} == found
        assert set(await client.history(talk, search=query)) == found

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("knee", {"ann", "bea", "cas"}),
            ("knee -swim", {"bea", "cas"}),  # written in another message of Ann's
            ("KNEE -Café", {"ann", "cas"}),
            ("left knee", {"cas"}),
            ("knee -left -swim", {"bea"}),  # Cas's subject says it
            ("-knee", {"dan"}),
            ("-swim", {"bea", "cas", "dan"}),
            ("-swim -left", {"bea", "dan"}),
            ("knee -knee", set()),
            ("-" * 33, set()),
        ],
    )
    async def test_an_excluded_word_excludes_the_conversation(self, someone, client, query, found):
        written = {
            "ann": (None, ["My knee hurts", "Then I went for a swim"]),
            "bea": (None, ["Your knee", "meet me at the cafe"]),
            "cas": ("Left knee", []),
            "dan": (None, ["Hello"]),
        }
        opened = {}
        for name, (subject, bodies) in written.items():
            conversation = await client.opens(await someone(name, verified=True), subject=subject)
            opened[conversation["id"]] = name
            for body in bodies:
                await client.writes(conversation, body)
        listed = (await client.get(URL, search=query)).json()
        assert {opened[each["id"]] for each in listed["results"]} == found
        assert listed["total"] == len(found)

    async def test_a_page_behind_the_last_has_the_total_too(self, client, talk):
        for number in range(3):
            await client.writes(talk, f"knee {number}")
        page = (await client.get(f"{URL}messages/", search="knee", limit=2, offset=2)).json()
        assert ([message["body"] for message in page["results"]], page["total"]) == (["knee 0"], 3)
        assert (await client.get(f"{URL}messages/", search="knee", offset=9)).json()["total"] == 3

    async def test_others_are_not_seen(self, talk, stranger):
        assert (await stranger.get(URL)).json()["total"] == 0

    async def test_the_number_of_queries_does_not_grow(self, app, someone, client):
        async def queries() -> int:
            with statements(app.state.runtime.db) as made:
                answer = await client.get(URL)
            assert answer.status_code == 200
            return len(made)

        await client.writes(await client.opens(await someone("Ann", verified=True)))
        few = await queries()
        for number in range(19):
            talk = await client.opens(await someone(f"P{number}", verified=True))
            await client.writes(talk)
        assert (await client.get(URL)).json()["total"] == 20
        assert await queries() == few <= 6


class TestAuthorisation:
    """Each route: anonymous 401, stranger 404."""

    ROUTES = (
        ("GET", ""),
        ("POST", ""),
        ("GET", "messages/"),
        ("GET", "{id}/"),
        ("GET", "{id}/messages/"),
        ("POST", "{id}/messages/"),
        ("POST", "{id}/read/"),
        ("POST", "{id}/block/"),
        ("DELETE", "{id}/block/"),
        ("DELETE", "{id}/participants/{id}/"),
        ("POST", "{id}/reports/"),
    )

    @pytest.mark.parametrize(("method", "path"), ROUTES)
    async def test_anonymous_401(self, client, talk, method, path):
        answer = await client.client.request(method, URL + path.format(id=talk["id"]))
        assert answer.status_code == 401

    @pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if "{id}" in route[1]])
    async def test_stranger_404(self, stranger, talk, method, path):
        given = {} if method in {"GET", "DELETE"} else {"json": BODIES.get(path.removeprefix("{id}/"), {})}
        for conversation_id in (talk["id"], new_id(), "nonsense"):
            url = URL + path.format(id=conversation_id)
            answer = await stranger.client.request(method, url, headers=stranger.headers, **given)
            assert answer.status_code == 404, answer.text

    ADMIN = (
        ("GET", "reports/"),
        ("POST", "reports/{id}/resolve/"),
        ("GET", "{id}/messages/"),
    )

    @pytest.mark.parametrize(("method", "path"), ADMIN)
    async def test_only_staff_moderates(self, client, talk, method, path):
        url = "/api/v1/admin/conversations/" + path.format(id=talk["id"])
        given = {} if method == "GET" else {"json": {"outcome": "upheld"}}
        assert (await client.client.request(method, url, **given)).status_code == 401
        refused = await client.client.request(method, url, headers=headers_for(client.id), **given)
        assert refused.status_code == 403

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select, update

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.identity.accounts.errors import EmailTaken, LastSuperuser
from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.sessions.jobs import announce_taken_roles
from services.identity.staff import service as staff
from services.identity.staff.errors import AddressNotProven, NotStaff
from services.identity.tests.conftest import CONFIRMED, PASSWORD
from shared.auth.verification import EDGE_CHANGED
from shared.errors import Invalid, NotFound
from shared.events.identity import SessionRevoked
from shared.messaging.bus import Hint

WITH_SETTINGS = {staff.create_staff, staff.seed_staff}
ALL_ROLES = ["user", "staff", "superuser"]


@pytest.fixture
def office(app):
    """The use cases, each in a transaction of its own: `await office(staff.promote, "ada@example.com")`."""

    async def call(use_case, *args, **more):
        async with app.state.runtime.db.transaction() as session:
            settings = [app.state.runtime.settings] if use_case in WITH_SETTINGS else []
            return await use_case(session, *settings, *args, **more)

    return call


@pytest.fixture
def sign_in(client):
    async def call(email, password=PASSWORD):
        return (await client.post("/api/v1/auth/login/", json={"email": email, "password": password})).json()

    return call


async def audit(app):
    table = app.state.runtime.db.system_tables.audit
    async with app.state.runtime.db.read() as session:
        return (await session.execute(select(table).order_by(table.c.id))).all()


async def prove(app, user_id):
    async with app.state.runtime.db.transaction() as session:
        await session.execute(update(User).where(User.id == UUID(user_id)).values(is_verified=True))


class TestCreateStaff:
    async def test_the_first_is_a_superuser_the_second_is_not(self, app, office, sign_in):
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        await office(staff.create_staff, "clerk@example.com", PASSWORD)
        assert (await sign_in("boss@example.com"))["user"]["roles"] == ALL_ROLES
        assert (await sign_in("clerk@example.com"))["user"]["roles"] == ["user", "staff"]
        entries = await audit(app)
        assert [(entry.before, entry.after["roles"]) for entry in entries] == [
            ({"roles": ["user"]}, ALL_ROLES),
            ({"roles": ["user"]}, ["user", "staff"]),
        ]

    async def test_who_registered_the_address_first_does_not_become_staff(self, app, ada, office, sign_in):
        with pytest.raises(EmailTaken):
            await office(staff.create_staff, "ADA@example.com", "another password")
        assert (await sign_in("ada@example.com"))["user"]["roles"] == ["user"]
        assert await audit(app) == []

    async def test_a_short_password_is_refused_in_one_sentence(self, office):
        with pytest.raises(Invalid, match="password: "):
            await office(staff.create_staff, "boss@example.com", "short")

    async def test_the_audit_log_cannot_be_rewritten(self, app, office):
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        with pytest.raises(Exception, match="permission denied"):
            async with app.state.runtime.db.transaction() as session:
                await session.execute(update(session.system_tables.audit).values(action="nothing"))


class TestPromote:
    async def test_an_address_that_nobody_proved_is_refused(self, ada, office, sign_in):
        with pytest.raises(AddressNotProven):
            await office(staff.promote, "ada@example.com")
        assert (await sign_in("ada@example.com"))["user"]["roles"] == ["user"]

    async def test_an_account_that_is_not_there_or_ended_is_refused(self, app, client, ada, office):
        with pytest.raises(NotFound):
            await office(staff.promote, "nobody@example.com")
        await prove(app, ada["user"]["id"])
        headers = headers_for(roles=("user", "staff")) | CONFIRMED
        await client.post(f"/api/v1/admin/users/{ada['user']['id']}/deactivate/", headers=headers)
        with pytest.raises(NotFound):
            await office(staff.promote, "ada@example.com")

    async def test_a_proven_one_becomes_staff_with_its_own_password_once(self, app, ada, office, sign_in):
        await prove(app, ada["user"]["id"])
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        for _ in range(2):
            await office(staff.promote, "ada@example.com")
        assert (await sign_in("ada@example.com"))["user"]["roles"] == ["user", "staff"]
        assert len(await audit(app)) == 2


class TestSeedStaff:
    async def test_is_made_once_and_a_role_that_was_taken_stays_taken(self, office, sign_in):
        await office(staff.seed_staff, "boss@example.com", PASSWORD, superuser=True)
        await office(staff.seed_staff, "clerk@example.com", PASSWORD)
        await office(staff.revoke_staff, "clerk@example.com")
        await office(staff.seed_staff, "clerk@example.com", PASSWORD)
        assert (await sign_in("clerk@example.com"))["user"]["roles"] == ["user"]

    async def test_who_registered_the_address_first_does_not_become_staff(self, ada, office, sign_in):
        await office(staff.seed_staff, "ada@example.com", PASSWORD)
        assert (await sign_in("ada@example.com"))["user"]["roles"] == ["user"]


class TestRevokeStaff:
    async def test_the_role_is_gone_and_the_sessions_end_everywhere(self, app, client, office, sign_in):
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        await office(staff.create_staff, "clerk@example.com", PASSWORD)
        hints: list[Hint] = []
        pair = await sign_in("clerk@example.com")
        app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        user = await office(staff.revoke_staff, "clerk@example.com")
        await announce_taken_roles(app.state.runtime)
        assert user.roles == ["user"]
        answer = await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": pair["refresh_token"]})
        assert answer.json()["code"] == "refresh_invalid"
        [ended] = [event for event in await events_of(app.state.runtime) if isinstance(event, SessionRevoked)]
        assert ended.reason == "role_taken"
        assert hints == [{"ended_sessions": [str(ended.session_id)]}]
        assert (await sign_in("clerk@example.com"))["user"]["roles"] == ["user"]

    async def test_support_and_marketing_are_listed_and_go_as_well(self, app, ada, office, sign_in):
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        await office(staff.create_staff, "clerk@example.com", PASSWORD)
        granted = {"ada@example.com": ["partner", "marketing"], "clerk@example.com": ["support"]}
        async with app.state.runtime.db.transaction() as session:
            for email, roles in granted.items():
                await session.execute(update(User).where(User.email == email).values(granted_roles=roles))
        assert await self.at_work(app) == {"ada@example.com", "boss@example.com", "clerk@example.com"}
        for email in granted:
            await office(staff.revoke_staff, email)
        assert await self.at_work(app) == {"boss@example.com"}
        assert (await sign_in("ada@example.com"))["user"]["roles"] == ["user", "partner"]
        assert (await sign_in("clerk@example.com"))["user"]["roles"] == ["user"]

    async def at_work(self, app) -> set[str]:
        async with app.state.runtime.db.read() as session:
            return {user.email for user in await Users(session).at_work()}

    async def test_the_last_superuser_stays(self, office):
        await office(staff.create_staff, "boss@example.com", PASSWORD)
        await office(staff.create_staff, "clerk@example.com", PASSWORD)
        with pytest.raises(LastSuperuser):
            await office(staff.revoke_staff, "boss@example.com")

    async def test_others_have_no_role_to_lose(self, ada, office):
        with pytest.raises(NotStaff):
            await office(staff.revoke_staff, "ada@example.com")


class TestDeactivateStaff:
    @pytest.fixture
    def deactivate(self, client):
        async def call(user, by, *roles):
            headers = headers_for(by.id, roles=("user", "staff", *roles)) | CONFIRMED
            return await client.post(f"/api/v1/admin/users/{user.id}/deactivate/", headers=headers)

        return call

    @pytest.fixture
    async def bosses(self, office):
        """Two superusers."""
        names = ("first@example.com", "second@example.com")
        return [await office(staff.create_staff, name, PASSWORD, superuser=True) for name in names]

    async def test_staff_do_not_end_staff(self, office, bosses, deactivate):
        clerk = await office(staff.create_staff, "clerk@example.com", PASSWORD)
        answer = await deactivate(bosses[0], clerk)
        assert (answer.status_code, answer.json()["code"]) == (403, "superuser_required")
        assert (await deactivate(clerk, clerk)).json()["code"] == "superuser_required"

    async def test_a_superuser_ends_staff(self, office, bosses, deactivate, sign_in):
        clerk = await office(staff.create_staff, "clerk@example.com", PASSWORD)
        for user in (clerk, bosses[1]):
            assert (await deactivate(user, bosses[0], "superuser")).status_code == 200
            assert (await sign_in(user.email))["code"] == "invalid_credentials"

    async def test_who_lost_the_role_since_the_token_was_made_ends_nobody(self, office, bosses, deactivate):
        clerk = await office(staff.create_staff, "clerk@example.com", PASSWORD)
        await office(staff.revoke_staff, bosses[1].email)
        answer = await deactivate(clerk, bosses[1], "superuser")
        assert (answer.status_code, answer.json()["code"]) == (403, "superuser_required")

    async def test_not_themselves(self, bosses, deactivate):
        answer = await deactivate(bosses[0], bosses[0], "superuser")
        assert (answer.status_code, answer.json()["code"]) == (409, "own_account")

    async def test_two_who_end_each_other_at_once_leave_one(self, bosses, deactivate):
        first, second = bosses
        answers = await asyncio.gather(deactivate(first, second, "superuser"), deactivate(second, first, "superuser"))
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        [refused] = [answer.json()["code"] for answer in answers if answer.status_code == 409]
        assert refused == "last_superuser"

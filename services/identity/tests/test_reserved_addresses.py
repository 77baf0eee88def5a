"""An address that its former owner may still take back is given to no other account, just when it becomes free too."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from services.identity.accounts.models import User
from services.identity.accounts.repository import Users
from services.identity.mail_tokens.domain import MailKind
from services.identity.mail_tokens.service import issue
from services.identity.tests.conftest import bob, registration

TAKEN = (409, "email_taken")
WAITING = text("select count(*) from pg_locks where not granted")


@asynccontextmanager
async def moving(app: Any, ada: Any) -> Any:
    """Ada's address is changed, which is committed once another request waits for it."""
    runtime = app.state.runtime
    async with runtime.db.transaction() as session:
        user = await Users(session).get(UUID(ada["user"]["id"]), lock=True)
        await Users(session).move(user, "thief@example.com")
        await issue(session, MailKind.UNDO_EMAIL, user.id, "ada@example.com", timedelta(hours=1))
        yield
        async with asyncio.timeout(20), runtime.db.read() as looking:
            while not await looking.scalar(WAITING):  # noqa: ASYNC110  # Postgres has no event for it
                await asyncio.sleep(0.01)


async def holders(app: Any) -> int:
    async with app.state.runtime.db.read() as session:
        return await session.scalar(select(func.count()).select_from(User).where(User.email == "ada@example.com")) or 0


async def test_who_registers_it_while_it_is_changed_is_refused(app, own, ada):
    async with moving(app, ada):
        asked = asyncio.ensure_future(own.post("/api/v1/auth/register/", json=registration()))
    answer = await asked
    assert (answer.status_code, answer.json()["code"]) == TAKEN
    assert await holders(app) == 0


async def test_who_moves_to_it_is_refused(app, own, ada, tokens):
    other = await bob(own)
    async with app.state.runtime.db.transaction() as session:
        await issue(session, MailKind.CHANGE_EMAIL, UUID(other["user"]["id"]), "ada@example.com", timedelta(hours=1))
    [token] = await tokens("change_email")
    async with moving(app, ada):
        asked = asyncio.ensure_future(own.post("/api/v1/auth/email/change/confirm/", json={"token": token}))
    answer = await asked
    assert (answer.status_code, answer.json()["code"]) == TAKEN
    assert await holders(app) == 0

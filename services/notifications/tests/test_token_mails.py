"""Mails that identity asks for: address and token are asked for when they are sent, and stored nowhere."""

from typing import Any
from uuid import UUID

import pytest
from aiosmtplib import SMTPConnectError
from fastapi import FastAPI
from sqlalchemy import select, text
from starlette.responses import JSONResponse

from devtools.testing.delivery import deliver, deliver_twice, run_jobs
from services.notifications.app import create_app
from services.notifications.channels.mail.domain import MailStatus
from services.notifications.channels.mail.models import Mail
from shared.events.identity import MailTokenIssued
from shared.records.ids import new_id
from shared.runtime import Runtime

MAIL_ID = new_id()
TOKEN = "tOkEn" * 12 + "abcd"
DUE = {
    "mail_token_id": str(MAIL_ID), "kind": "verify_email", "address": "new@example.org", "first_name": "Ada",
    "account_address": "ada@example.org", "timezone": "Asia/Tokyo", "token": TOKEN,
    "expires_at": "2026-12-02T08:00:00Z",
}  # fmt: skip


@pytest.fixture
def identity() -> FastAPI:
    """The one path of identity that is asked; `app.state.due` is the mail, or None once it is void."""
    app = FastAPI()
    app.state.due = DUE

    @app.get("/internal/mail-tokens/{mail_id}/")
    async def mail(mail_id: UUID) -> Any:
        if app.state.due is None or mail_id != MAIL_ID:
            return JSONResponse({"detail": "no such mail", "code": "not_found", "status": 404}, 404)
        return app.state.due

    return app


@pytest.fixture
async def app(runtime_for, mailbox, identity, settings_env):
    env = {"SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}", **settings_env}
    app = create_app(await runtime_for("notifications", peers={"identity": identity}, env=env))
    yield app
    await app.state.runtime.mailer.stop()


async def mails(app: Any) -> list[Mail]:
    async with app.state.runtime.db.read() as session:
        return list((await session.scalars(select(Mail).order_by(Mail.id))).all())


ISSUED = MailTokenIssued(mail_token_id=MAIL_ID, kind="verify_email")


async def test_one_event_is_one_mail_with_the_link(app, mailbox):
    await deliver_twice(app, ISSUED)
    await deliver(app, ISSUED)  # under another id
    await run_jobs(app)
    [mail] = mailbox.received
    assert mail["To"] == "new@example.org"
    assert mail["Subject"] == "Confirm your e-mail address"
    said = mail.get_content()
    assert f"http://localhost:8000/account/verify-email?token={TOKEN}" in said.splitlines()
    assert "Hello Ada," in said
    assert "Wednesday 2 December 2026, 17:00 (Asia/Tokyo)" in said
    assert "always sent" in said


@pytest.mark.parametrize("settings_env", [{"ESTUARY_APP_URL": "https://book.example/"}])
async def test_with_an_app_the_link_leads_there(app, mailbox):
    await deliver(app, ISSUED)
    await run_jobs(app)
    assert f"https://book.example/verify-email?token={TOKEN}" in mailbox.received[0].get_content().splitlines()


@pytest.mark.parametrize("settings_env", [{"ESTUARY_PUBLIC_URL": "https://api.example/"}])
async def test_else_to_the_pages_of_the_public_address(app, mailbox):
    await deliver(app, ISSUED)
    await run_jobs(app)
    assert f"https://api.example/account/verify-email?token={TOKEN}" in mailbox.received[0].get_content().splitlines()


async def test_a_mail_that_is_void_by_then_is_dropped(app, identity, mailbox):
    await deliver(app, ISSUED)
    identity.state.due = None
    await run_jobs(app)
    assert mailbox.received == []
    assert [mail.status for mail in await mails(app)] == [MailStatus.DROPPED]


async def test_while_identity_is_away_it_waits(app, identity, mailbox):
    await deliver(app, ISSUED)
    identity.state.due = {"broken": True}
    await run_jobs(app)
    [waiting] = await mails(app)
    assert (waiting.status, mailbox.received) == (MailStatus.PENDING, [])


async def test_neither_address_nor_token_is_stored(app, mailbox):
    await deliver(app, ISSUED)
    await run_jobs(app)
    async with app.state.runtime.db.read() as session:
        rows = (await session.execute(text("select m::text from notifications.mails m"))).scalars().all()
    assert len(mailbox.received) == len(rows) == 1
    assert not any(word in rows[0] for word in (TOKEN, "example.org", "Ada"))


async def test_killed_between_commit_and_mail_it_is_sent_by_the_next_process(app, mailbox):
    await deliver(app, ISSUED)
    mailbox.stop()
    with pytest.raises(SMTPConnectError):
        await run_jobs(app)
    assert [mail.status for mail in await mails(app)] == [MailStatus.PENDING]
    mailbox.start()
    restarted = create_app(Runtime.of(app.state.runtime))
    await run_jobs(restarted)
    assert len(mailbox.received) == 1
    await restarted.state.runtime.mailer.stop()


@pytest.mark.parametrize(
    "kind",
    [
        *("reset_password", "change_email", "undo_email", "password_changed", "email_taken", "signed_in"),
        *("factor_added", "factor_removed", "passkey_added", "passkey_removed", "recovery_codes_made"),
        *("api_key_made", "api_key_ended", "accept_invitation", "impersonated"),
        *("mfa_turned_on", "mfa_turned_off", "provider_linked", "provider_unlinked"),
    ],
)
async def test_each_kind_has_a_text(app, identity, mailbox, kind):
    identity.state.due = {**DUE, "kind": kind}
    await deliver(app, MailTokenIssued(mail_token_id=MAIL_ID, kind=kind))
    await run_jobs(app)
    assert mailbox.received[0]["Subject"]

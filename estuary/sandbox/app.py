"""The sandbox as one app: `/sandbox/...` and `/api/v1/sandbox/...`."""

from fastapi import FastAPI

from estuary.sandbox import clock
from estuary.sandbox.mail import Mailbox, SmtpServer, mails
from estuary.sandbox.oidc.app import SignInProviders
from estuary.sandbox.routes import internal, public
from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe import controls
from estuary.sandbox.stripe.app import Stripe
from shared.concurrency.wake_up import WakeUp
from shared.runtime import Runtime
from shared.web.app import build


def create_app(runtime: Runtime) -> FastAPI:
    """Stripe, mail, sign-in providers and clock; `runtime.clock` is the SandboxClock that is moved.

    Its lifespan runs what is beside.
    """
    settings = SandboxSettings.of(runtime.env)
    stripe = Stripe(runtime.db, settings)
    sign_in = SignInProviders(runtime.db, settings)
    mailbox = Mailbox(settings.mail_folder, runtime.clock.now)
    smtp = SmtpServer(mailbox, settings.smtp_host, settings.smtp_port)

    async def follow() -> None:
        clock.move(runtime.clock, await clock.stored_offset(runtime.db))

    app = build(
        runtime,
        title="Estuary sandbox",
        routers=[public, controls.router, internal],
        on_start=[follow, smtp.start, stripe.start, sign_in.start],
        on_stop=[stripe.stop, smtp.stop],
        audited=False,
    )
    app.state.stripe, app.state.smtp, app.state.clock_moved = stripe, smtp, WakeUp()
    app.mount("/sandbox/stripe", stripe.app)
    app.mount("/sandbox/oidc", sign_in.app)
    app.state.mailbox = mailbox
    for path in ("/sandbox/mail", "/sandbox/mail/"):
        app.add_route(path, mails, include_in_schema=False)
    return app

"""Puts notifications together."""

from fastapi import FastAPI

from services.notifications.booking_events import consumers as booking_events
from services.notifications.channels.mail import consumers as token_mails
from services.notifications.channels.mail import jobs as mail_jobs
from services.notifications.channels.mail.channel import MailChannel
from services.notifications.channels.mail.smtp import Mailer
from services.notifications.erasure import consumers as erasure
from services.notifications.handlers import Handlers, bound
from services.notifications.live import jobs as live_jobs
from services.notifications.live.routes import sockets
from services.notifications.notifications.channel import Channel
from services.notifications.notifications.routes import router as notifications
from services.notifications.pass_events import consumers as pass_events
from services.notifications.payment_events import consumers as payment_events
from services.notifications.people import consumers as people
from services.notifications.preferences.routes import router as preferences
from services.notifications.privacy import PRIVACY
from services.notifications.reminders import jobs as reminder_jobs
from services.notifications.runtime import NotificationsRuntime
from services.notifications.settings import Settings
from services.notifications.staff import consumers as staff
from services.notifications.staff import jobs as staff_jobs
from services.notifications.stream_events import consumers as stream_events
from services.notifications.unread import consumers as unread
from services.notifications.unread import jobs as unread_jobs
from services.notifications.verifications import consumers as verifications
from services.notifications.waitlists import consumers as waitlists
from shared.live.broadcaster import Broadcaster
from shared.live.hub import Hub
from shared.runtime import Runtime
from shared.web.app import build
from shared.work.jobs import Jobs

FRAMES = "notifications.frames"
CHANNELS: tuple[Channel, ...] = (MailChannel(),)
CONSUMERS: Handlers = {
    **people.CONSUMERS,
    **token_mails.CONSUMERS,
    **verifications.CONSUMERS,
    **booking_events.CONSUMERS,
    **waitlists.CONSUMERS,
    **pass_events.CONSUMERS,
    **payment_events.CONSUMERS,
    **staff.CONSUMERS,
    **stream_events.CONSUMERS,
    **unread.CONSUMERS,
    **erasure.CONSUMERS,
}
JOBS: Jobs = {
    **reminder_jobs.JOBS,
    **unread_jobs.JOBS,
    **mail_jobs.JOBS,
    **staff_jobs.JOBS,
    **live_jobs.JOBS,
}


def create_app(runtime: Runtime) -> FastAPI:
    """The service, with its sockets and its mail server."""
    settings = Settings.of(runtime.env)
    mailer = Mailer(settings.smtp_url, settings.mail_from, settings.smtp_connections)
    own = NotificationsRuntime.of(
        runtime, settings=settings, channels=CHANNELS, broadcaster=Broadcaster(runtime.bus, FRAMES), mailer=mailer
    )
    hub = Hub(own.bus, FRAMES, own.verifier)
    app = build(
        own,
        title="notifications",
        routers=[notifications, preferences, sockets],
        consumers=bound(CONSUMERS, own),
        jobs=JOBS,
        privacy=PRIVACY,
        on_start=[hub.start],
        on_stop=[hub.stop, mailer.stop],
    )
    app.state.hub = hub
    return app

"""What notifications does by itself: reminders, mail, tidying."""

from datetime import timedelta

from services.notifications import messages, reminders
from services.notifications.domain import Lane
from services.notifications.mails import Mails
from services.notifications.metrics import OLDEST, REMINDERS, WAITING, report_backlog
from services.notifications.repository import Frames, Reminders
from services.notifications.runtime import NotificationsRuntime
from services.notifications.sending import send
from services.notifications.staff_news import tell_staff
from services.notifications.unread import UnreadConversations
from shared.records.clock import machine_now
from shared.work.jobs import Job

BOOKINGS_A_RUN = UNREAD_A_RUN = 100
KEEP_FRAMES = timedelta(days=30)
FRAMES_A_RUN = 5_000


async def send_reminders(runtime: NotificationsRuntime) -> int:
    """Settles every reminder whose moment has come, a transaction per booking."""
    async with runtime.db.read() as session:
        due = await Reminders(session).due_bookings(BOOKINGS_A_RUN)
    for booking_id in due:
        async with runtime.db.transaction() as session:
            await reminders.remind(session, booking_id)
        REMINDERS.inc()
    return len(due)


async def write_of_unread(runtime: NotificationsRuntime) -> int:
    """Mails to those who have not read for five minutes, a transaction per person and conversation."""
    async with runtime.db.read() as session:
        due = await UnreadConversations(session).due(UNREAD_A_RUN)
    for user_id, conversation_id in due:
        async with runtime.db.transaction() as session:
            await messages.write(session, user_id, conversation_id)
    return len(due)


async def send_awaited_mails(runtime: NotificationsRuntime) -> int:
    """Sends what people wait for, on connections that nothing else uses."""
    return await send(runtime, Lane.AWAITED, runtime.mailer.first_lane)


async def send_mails(runtime: NotificationsRuntime) -> int:
    """Sends all mails, those of the first lane first, on the other connections."""
    return await send(runtime, None, runtime.mailer.all_lanes)


async def measure_mails(runtime: NotificationsRuntime) -> int:
    """Says how many mails wait, and for how long."""
    async with runtime.db.read() as session:
        report_backlog(await Mails(session).backlog(), machine_now())
    return 0


async def prune_frames(runtime: NotificationsRuntime) -> int:
    """Forgets frames of more than 30 days; a socket that was away for longer begins with what is left."""
    async with runtime.db.transaction() as session:
        return await Frames(session).prune(KEEP_FRAMES, FRAMES_A_RUN)


JOBS = {
    "send_reminders": Job(send_reminders, every=1.0),
    "write_of_unread": Job(write_of_unread, every=1.0),
    "send_awaited_mails": Job(send_awaited_mails, every=1.0, gather=0.5),
    "send_mails": Job(send_mails, every=1.0, gather=0.5),
    "measure_mails": Job(measure_mails, every=10.0, gauges=(WAITING, OLDEST)),
    "tell_staff": Job(tell_staff, every=5.0),
    "prune_frames": Job(prune_frames, every=3600.0),
}

"""Sends reminders."""

from services.notifications.metrics import REMINDERS
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.reminders.repository import Reminders
from services.notifications.reminders.service import remind
from shared.work.jobs import Job, Jobs

BOOKINGS_A_RUN = 100


async def send_reminders(runtime: NotifyRuntime) -> int:
    """Settles every reminder whose moment has come, a transaction per booking."""
    async with runtime.db.read() as session:
        due = await Reminders(session).due_bookings(BOOKINGS_A_RUN)
    for booking_id in due:
        async with runtime.db.transaction() as session:
            await remind(runtime, session, booking_id)
        REMINDERS.inc()
    return len(due)


JOBS: Jobs = {"send_reminders": Job(send_reminders, every=1.0)}

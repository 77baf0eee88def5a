"""Notifies staff."""

from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.staff.peers import staff_user_ids
from services.notifications.staff.repository import StaffNotifications
from services.notifications.staff.service import notify_all
from shared.work.jobs import Job, Jobs

A_RUN = 20


async def notify_staff(runtime: NotifyRuntime) -> int:
    """Notifies every account of staff, of each waiting row in a transaction of its own."""
    async with runtime.db.read() as session:
        waiting = await StaffNotifications(session).waiting(A_RUN)
    if not waiting:
        return 0
    staff = await staff_user_ids(runtime.peers)
    for item in waiting:
        async with runtime.db.transaction() as session:
            await notify_all(runtime, session, item, staff)
    return len(waiting)


JOBS: Jobs = {"notify_staff": Job(notify_staff, every=5.0)}

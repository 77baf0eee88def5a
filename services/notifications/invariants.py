"""What must always hold in schema `notifications`: each statement returns no rows."""

from services.notifications.channels.mail import invariants as mail
from services.notifications.live import invariants as live
from services.notifications.notifications import invariants as notifications
from services.notifications.reminders import invariants as reminders

INVARIANTS: dict[str, str] = {
    **reminders.INVARIANTS,
    **notifications.INVARIANTS,
    **live.INVARIANTS,
    **mail.INVARIANTS,
}

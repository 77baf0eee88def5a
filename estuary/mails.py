"""Mails that are not sent yet or were given up: list them with the reason, and try again those given up."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from estuary.run.postgres import open_migrated
from estuary.settings import EstuarySettings
from services.notifications.channels.mail.domain import MailStatus
from services.notifications.channels.mail.models import Mail
from services.notifications.channels.mail.repository import Mails
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.records.clock import SystemClock
from shared.work.attempts import due_text

SHOWN = 100


async def show(settings: EstuarySettings, failed: bool) -> None:
    """Prints a line for each of the hundred oldest, with what it is about and why it waits, and no address."""
    async with notifications(settings) as db, db.read() as session:
        status = MailStatus.FAILED if failed else MailStatus.PENDING
        found = await Mails(session).unsent(status, SHOWN)
    _print(found)


async def retry(settings: EstuarySettings) -> None:
    """Gives those that were given up to the running worker again."""
    async with notifications(settings) as db, db.autocommit() as session:
        print(f"{await Mails(session).revive()} mails will be tried again by the running worker")


@asynccontextmanager
async def notifications(settings: EstuarySettings) -> AsyncIterator[Database]:
    """The database of notifications, which has to be migrated."""
    async with open_migrated(settings, ["notifications"]) as url:
        db = Database(url, schema="notifications", clock=SystemClock(), role=role_of("notifications"), pool_size=1)
        try:
            yield db
        finally:
            await db.close()


def _print(mails: Sequence[Mail]) -> None:
    for mail in mails:
        state = f"{mail.status.value}, attempt {mail.tries}"
        state += f", {due_text(mail)}" if mail.next_try_at else ""
        print(f"{mail.created_at:%Y-%m-%d %H:%M:%S}  {mail.lane.value:<8} {mail.template:<32} {mail.id}  {state}")
        print(f"    {mail.last_error or 'it is not its turn yet'}")
    print(f"{len(mails)} mails" + (", the oldest" if len(mails) == SHOWN else ""))

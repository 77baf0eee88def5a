"""Sends mails on several connections: some are claimed, each is sent with no transaction open, and recorded.

At least once: a process that dies between sending and recording leaves a mail that goes out again after the lease with
the same Message-ID. While the server cannot be reached nothing is claimed, so an outage uses up no attempt.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from services.notifications.channels.mail.domain import Lane, batch_size
from services.notifications.channels.mail.errors import SMTP_ERRORS
from services.notifications.channels.mail.repository import ClaimedMail, Mails
from services.notifications.channels.mail.service import attempt
from services.notifications.channels.mail.smtp import SEND_SECONDS, SmtpConnection
from services.notifications.runtime import NotificationsRuntime
from shared.observability.logs import logger

LEASE = timedelta(seconds=60)
BUSY_SECONDS = 0.01
"""A turn of the event loop that takes longer has work of its own: requests come before mails."""
RUN_SECONDS = 30.0
log = logger()


async def send(runtime: NotificationsRuntime, lane: Lane | None, connections: int) -> int:
    """Sends what is due of that lane, or of all, on up to so many connections; returns how many were tried."""
    workers = MailWorkers(runtime, lane, connections)
    if await workers.needed():
        return await workers.run()
    runtime.mailer.close_idle()
    return 0


class MailWorkers:
    """Workers with a connection each. A worker that sees that more mails wait starts another, up to `size`."""

    def __init__(self, runtime: NotificationsRuntime, lane: Lane | None, size: int) -> None:
        """For one run."""
        self._runtime, self._lane, self._size = runtime, lane, size
        self._until = time.monotonic() + RUN_SECONDS
        self._workers, self._tried = 0, 0
        self._errors: list[Exception] = []

    async def needed(self) -> bool:
        """Whether anything is due."""
        async with self._runtime.db.read() as session:
            return await Mails(session).waiting(self._lane)

    async def run(self) -> int:
        """Raises where no connection can be opened; an error of one worker is raised when the others are done."""
        try:
            async with self._runtime.mailer.connection() as connection, asyncio.TaskGroup() as group:
                self._group, self._workers = group, 1
                await self._work(connection)
        except SMTP_ERRORS as error:
            await self._note_outage(error)
            raise
        if self._errors:
            raise self._errors[0]
        return self._tried

    async def _note_outage(self, error: Exception) -> None:
        async with self._runtime.db.autocommit() as session:
            await Mails(session).note_outage(self._lane, f"no connection to the mail server: {error}")

    async def _work(self, connection: SmtpConnection) -> None:
        try:
            more = True
            while more and time.monotonic() < self._until and connection.usable():
                number = batch_size(connection.seconds_a_mail)
                mails = await self._claim(number)
                if more := len(mails) == number:
                    await self._start_another()
                await self._try(connection, mails)
        except Exception as error:
            self._errors.append(error)

    async def _claim(self, number: int) -> list[ClaimedMail]:
        async with self._runtime.db.autocommit() as session:
            return await Mails(session).claim(LEASE, self._lane, number)

    async def _try(self, connection: SmtpConnection, mails: Sequence[ClaimedMail]) -> None:
        """One after the other; what a shutdown, a lost connection or a slow server leaves is due again at once."""
        left, until = deque(mails), time.monotonic() + LEASE.total_seconds() - SEND_SECONDS
        try:
            while left and connection.usable() and time.monotonic() < until:
                await attempt(self._runtime, connection, left.popleft())
                self._tried += 1
        finally:
            if left:
                async with self._runtime.db.autocommit() as session:
                    await Mails(session).give_back(left)

    async def _start_another(self) -> None:
        """More connections shorten the wait for a server; a busy process starts none, so that requests go first."""
        began = time.monotonic()
        await asyncio.sleep(0)
        if self._workers < self._size and time.monotonic() - began < BUSY_SECONDS:
            self._workers += 1
            self._group.create_task(self._join())

    async def _join(self) -> None:
        """A server that allows fewer connections gets mail on those that it allows."""
        try:
            async with self._runtime.mailer.connection() as connection:
                await self._work(connection)
        except SMTP_ERRORS as error:
            log.warning("mail.no_connection", error=repr(error))
        except Exception as error:
            self._errors.append(error)
        finally:
            self._workers -= 1

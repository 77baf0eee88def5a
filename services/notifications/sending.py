"""Sending mails: some are claimed, each is sent with no transaction open and recorded, on the connections allowed.

At least once: a process that dies between sending and recording leaves a mail that goes out again after the lease with
the same Message-ID. While the server cannot be reached nothing is claimed, so an outage uses up no attempt.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications import texts
from services.notifications.domain import (
    MAIL_ATTEMPTS,
    MAIL_TRANSITIONS,
    Lane,
    MailStatus,
    back_off,
    is_true,
    outcome,
    practitioners_side,
)
from services.notifications.mail import SEND_SECONDS, SMTP_ERRORS, NotSent, Outbound
from services.notifications.mails import Claimed, Mails
from services.notifications.metrics import MAILS
from services.notifications.models import Person
from services.notifications.peers import learn_person, learn_practitioner
from services.notifications.people import People
from services.notifications.repository import Bookings
from services.notifications.runtime import NotificationsRuntime
from services.notifications.settings import settings_of
from shared.errors import AppError, NotFound, Unavailable
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.state import transition
from shared.records.times import render_utc

LEASE = timedelta(seconds=60)
BATCH = 10
BUSY_SECONDS = 0.01
"""A turn of the event loop that takes longer has work of its own: requests come before mails."""
RUN_SECONDS = 30.0
log = logger()


async def send(runtime: NotificationsRuntime, lane: Lane | None, connections: int) -> int:
    """Sends what is due of that lane, or of all, on up to so many connections; returns how many were tried."""
    crew = Crew(runtime, lane, connections)
    if await crew.needed():
        return await crew.run()
    runtime.mailer.close_idle()
    return 0


class Crew:
    """Workers with a connection each. Who sees that more mails wait calls another worker, up to what is allowed."""

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
        """Raises where no connection is to be had; an error of one worker is raised when the others are done."""
        try:
            async with self._runtime.mailer.connected() as outbound, asyncio.TaskGroup() as group:
                self._group, self._workers = group, 1
                await self._work(outbound)
        except SMTP_ERRORS as error:
            await self._note_outage(error)
            raise
        if self._errors:
            raise self._errors[0]
        return self._tried

    async def _note_outage(self, error: Exception) -> None:
        async with self._runtime.db.read() as session:
            await Mails(session).note_outage(self._lane, f"no connection to the mail server: {error}")

    async def _work(self, outbound: Outbound) -> None:
        try:
            more = True
            while more and time.monotonic() < self._until and outbound.usable():
                mails = await self._claim()
                if more := len(mails) == BATCH:
                    await self._call_another()
                await self._try(outbound, mails)
        except Exception as error:
            self._errors.append(error)

    async def _claim(self) -> list[Claimed]:
        async with self._runtime.db.read() as session:
            return await Mails(session).claim(LEASE, self._lane, BATCH)

    async def _try(self, outbound: Outbound, mails: Sequence[Claimed]) -> None:
        """One after the other; what an end, a lost connection or a slow server leaves is due again at once."""
        left, until = deque(mails), time.monotonic() + LEASE.total_seconds() - SEND_SECONDS
        try:
            while left and outbound.usable() and time.monotonic() < until:
                await attempt(self._runtime, outbound, left.popleft())
                self._tried += 1
        finally:
            if left:
                async with self._runtime.db.read() as session:
                    await Mails(session).give_back(left)

    async def _call_another(self) -> None:
        """Connections shorten the wait for a server; a process that is busy itself lets requests go first."""
        began = time.monotonic()
        await asyncio.sleep(0)
        if self._workers < self._size and time.monotonic() - began < BUSY_SECONDS:
            self._workers += 1
            self._group.create_task(self._join())

    async def _join(self) -> None:
        """A server that allows fewer connections is served on those that it allows."""
        try:
            async with self._runtime.mailer.connected() as outbound:
                await self._work(outbound)
        except SMTP_ERRORS as error:
            log.warning("mail.no_connection", error=repr(error))
        except Exception as error:
            self._errors.append(error)
        finally:
            self._workers -= 1


async def attempt(runtime: NotificationsRuntime, outbound: Outbound, mail: Claimed) -> None:
    """Sends a claimed mail, or drops it where it has become useless or untrue, and records which."""
    if why := _useless(mail, runtime.clock.now()):
        await _record(runtime, mail.id, MailStatus.DROPPED, why)
        return
    if mail.attempts > MAIL_ATTEMPTS:
        await _record(runtime, mail.id, MailStatus.FAILED, "no attempt was ended")
        return
    try:
        person = mail.person or await _person(runtime, mail.user_id)
        await outbound.send(mail.id, person.email, await _letter(runtime, mail, person))
    except NotSent as refusal:
        await _record(runtime, mail.id, outcome(mail.attempts, refusal.permanent), str(refusal))
    except AppError as error:
        permanent = not isinstance(error, Unavailable)
        await _record(runtime, mail.id, outcome(mail.attempts, permanent), f"no address: {error.detail}")
    except Exception as error:  # one mail that cannot be made must not keep the others back
        log.warning("mail.failed", mail_id=str(mail.id), error=repr(error), exc_info=error)
        await _record(runtime, mail.id, outcome(mail.attempts, permanent=False), repr(error))
    else:
        await _record_sent(runtime, mail.id)


def _useless(mail: Claimed, now: datetime) -> str:
    """Why it is not sent, if it is not."""
    if mail.useful_until is not None and now >= mail.useful_until:
        return "no longer of use"
    start = mail.facts.get("start")
    if mail.booking and start and not is_true(mail.template, datetime.fromisoformat(start), mail.booking):
        return "no longer true"
    return ""


async def _as_of_now(runtime: NotificationsRuntime, mail: Claimed) -> Claimed:
    """The mail with the facts of the moment at which it is sent."""
    if mail.booking is None or "start" not in mail.facts:
        return mail
    start, facts, template = mail.booking.start_time, dict(mail.facts), mail.template
    if "remaining" in facts:
        facts["remaining"] = texts.remaining(start - runtime.clock.now())
    if template.startswith("booking.confirmed/"):
        facts["start"] = render_utc(start)
    if "seats" in facts and not template.endswith("/client"):
        async with runtime.db.read() as session:
            seats = await Bookings(session).seats(mail.user_id, start)
        facts["seats"], template = str(seats), f"booking.reminder/{practitioners_side(seats)}"
    return replace(mail, facts=facts, template=template)


async def _letter(runtime: NotificationsRuntime, waiting: Claimed, person: Person) -> texts.Email:
    mail = await _as_of_now(runtime, waiting)
    names = await _names(runtime, mail)
    zone = person.timezone or mail.facts.get(texts.ZONE, "UTC")
    return texts.letter(mail.template, mail.facts | names, person.first_name, zone, runtime.clock.now())


async def _names(runtime: NotificationsRuntime, mail: Claimed) -> dict[str, str]:
    """Names whom the mail is about; asks where no event brought the name. Without one the mail goes all the same."""
    about = mail.about
    if about is None:
        return {}
    form = settings_of(runtime.db).client_names
    names, wanted = mail.named.names(form) if mail.named else {}, texts.names_in(mail.template)
    if wanted <= names.keys():
        return names
    with suppress(AppError):
        await learn_person(runtime.db, runtime.peers, about)
        if "practitioner" in wanted:
            await learn_practitioner(runtime.db, runtime.peers, about)
    async with runtime.db.transaction() as session:
        known = (await People(session).known([about])).get(about)
    return known.names(form) if known else {}


async def _person(runtime: NotificationsRuntime, user_id: UUID) -> Person:
    """Raises NotFound where the account is no more."""
    await learn_person(runtime.db, runtime.peers, user_id)
    async with runtime.db.read() as session:
        person = await session.get(Person, user_id)
    if person is None:
        raise NotFound
    return person


async def _record_sent(runtime: NotificationsRuntime, mail_id: UUID) -> None:
    async with runtime.db.read() as session:
        await Mails(session).sent(mail_id)
    MAILS.labels(MailStatus.SENT.value).inc()


async def _record(runtime: NotificationsRuntime, mail_id: UUID, to: MailStatus, error: str | None = None) -> None:
    async with runtime.db.transaction() as session:
        mail = await Mails(session).find(mail_id)
        if mail is None:
            return
        mail.last_error = error
        if to is MailStatus.PENDING:
            mail.next_try_at = machine_now() + back_off(mail.attempts)
        elif mail.status is MailStatus.PENDING:
            transition(mail, to, MAIL_TRANSITIONS)
    MAILS.labels(to.value).inc()

"""What notifications does by itself: reminders, mail, tidying."""

from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from services.notifications import messages, reminders, texts
from services.notifications.domain import MAIL_TRANSITIONS, MailStatus, back_off, outcome
from services.notifications.mail import NotSent, Outbound
from services.notifications.metrics import MAILS, REMINDERS
from services.notifications.models import Person
from services.notifications.peers import learn_person, learn_practitioner
from services.notifications.people import People
from services.notifications.repository import Claimed, Frames, Mails, Reminders
from services.notifications.runtime import NotificationsRuntime
from services.notifications.settings import settings_of
from services.notifications.unread import Unreads
from shared.clock import machine_now
from shared.errors import AppError, Unavailable
from shared.jobs import Job
from shared.state import transition

BOOKINGS_A_RUN = UNREAD_A_RUN = 100
MAILS_A_RUN = 200
LEASE = timedelta(seconds=60)
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
        due = await Unreads(session).due(UNREAD_A_RUN)
    for user_id, conversation_id in due:
        async with runtime.db.transaction() as session:
            await messages.write(session, user_id, conversation_id)
    return len(due)


async def send_mails(runtime: NotificationsRuntime) -> int:
    """Sends what is due, one after the other: claimed, sent with no transaction open, recorded.

    At least once: a process that dies between sending and recording leaves one claimed mail, which goes out again
    after the lease with the same Message-ID. While the server cannot be reached nothing is claimed, so an outage
    uses up no attempt.
    """
    async with runtime.db.read() as session:
        if not await Mails(session).waiting():
            return 0
    done = 0
    async with runtime.mailer.connected() as outbound:
        while done < MAILS_A_RUN and outbound.usable() and (mail := await _claim(runtime)):
            await _attempt(runtime, outbound, mail)
            done += 1
    return done


async def prune_frames(runtime: NotificationsRuntime) -> int:
    """Forgets frames of more than 30 days; a socket that was away for longer begins with what is left."""
    async with runtime.db.transaction() as session:
        return await Frames(session).prune(KEEP_FRAMES, FRAMES_A_RUN)


async def _claim(runtime: NotificationsRuntime) -> Claimed | None:
    async with runtime.db.read() as session:
        return await Mails(session).claim(LEASE)


async def _attempt(runtime: NotificationsRuntime, outbound: Outbound, mail: Claimed) -> None:
    if mail.useful_until is not None and runtime.clock.now() >= mail.useful_until:
        await _record(runtime, mail.id, MailStatus.DROPPED, "no longer of use")
        return
    try:
        person = mail.person or await _person(runtime, mail.user_id)
        await outbound.send(mail.id, person.email, await _letter(runtime, mail, person))
    except NotSent as refusal:
        await _record(runtime, mail.id, outcome(mail.attempts, refusal.permanent), str(refusal))
    except AppError as error:
        permanent = not isinstance(error, Unavailable)
        await _record(runtime, mail.id, outcome(mail.attempts, permanent), f"no address: {error.detail}")
    else:
        await _record_sent(runtime, mail.id)


async def _letter(runtime: NotificationsRuntime, mail: Claimed, person: Person) -> texts.Letter:
    names = await _names(runtime, mail)
    zone = person.timezone or mail.facts.get(texts.ZONE, "UTC")
    return texts.letter(mail.template, mail.facts | names, person.first_name, zone)


async def _names(runtime: NotificationsRuntime, mail: Claimed) -> dict[str, str]:
    """Names whom the mail is about; asks where no event brought the name. Without one the mail goes all the same."""
    about = mail.about
    if about is None:
        return {}
    names, wanted = await _known_names(runtime, about), texts.names_in(mail.template)
    if wanted <= names.keys():
        return names
    with suppress(AppError):
        await learn_person(runtime.db, runtime.peers, about)
        if "practitioner" in wanted:
            await learn_practitioner(runtime.db, runtime.peers, about)
    return await _known_names(runtime, about)


async def _known_names(runtime: NotificationsRuntime, user_id: UUID) -> dict[str, str]:
    async with runtime.db.transaction() as session:
        known = (await People(session).known([user_id])).get(user_id)
        return known.names(settings_of(session).client_names) if known else {}


async def _person(runtime: NotificationsRuntime, user_id: UUID) -> Person:
    await learn_person(runtime.db, runtime.peers, user_id)
    async with runtime.db.read() as session:
        return await session.get_one(Person, user_id)


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


JOBS = {
    "send_reminders": Job(send_reminders, every=1.0),
    "write_of_unread": Job(write_of_unread, every=1.0),
    "send_mails": Job(send_mails, every=1.0),
    "prune_frames": Job(prune_frames, every=3600.0),
}

"""The use case of mail: send a claimed one as it is true now, and record what became of it."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notifications.booking_copies.domain import BookingState, is_true, practitioners_reminder
from services.notifications.booking_copies.repository import BookingCopies
from services.notifications.channels.mail.domain import BACK_OFF, MAIL_ATTEMPTS, MAIL_TRANSITIONS, MailStatus, outcome
from services.notifications.channels.mail.errors import MailNotSent, MailVoid
from services.notifications.channels.mail.invites import belongs_in, invite_of, method_of
from services.notifications.channels.mail.peers import fetch_token_mail
from services.notifications.channels.mail.repository import ClaimedMail, Mails
from services.notifications.channels.mail.smtp import SmtpConnection
from services.notifications.channels.mail.token_mails import render_token_mail
from services.notifications.metrics import MAILS
from services.notifications.people.models import Person
from services.notifications.people.repository import People
from services.notifications.people.service import fetch_missing_person, fetch_missing_practitioner
from services.notifications.runtime import NotificationsRuntime
from services.notifications.templates.domain import ZONE, Email, Invite
from services.notifications.templates.phrases import remaining
from services.notifications.templates.service import names_in, render_email
from shared.errors import AppError, Unavailable
from shared.observability.logs import logger
from shared.records.state import transition
from shared.records.times import render_utc
from shared.work.attempts import reason_of

log = logger()


async def attempt(runtime: NotificationsRuntime, connection: SmtpConnection, mail: ClaimedMail) -> None:
    """Sends a claimed mail, or drops it where it has become useless or untrue, and records which."""
    if why := _useless(mail, runtime.clock.now()):
        await _record(runtime, mail.id, MailStatus.DROPPED, why)
    elif mail.tries > MAIL_ATTEMPTS:
        await _record(runtime, mail.id, MailStatus.FAILED, "no attempt was ended")
    else:
        await _send(runtime, connection, mail)


async def _send(runtime: NotificationsRuntime, connection: SmtpConnection, mail: ClaimedMail) -> None:
    try:
        await connection.send(mail.id, *await _rendered(runtime, mail))
    except MailVoid:
        await _record(runtime, mail.id, MailStatus.DROPPED, "not due any more")
    except MailNotSent as refusal:
        await _record_failure(runtime, mail, str(refusal), refusal.permanent)
    except AppError as error:
        await _record_failure(runtime, mail, f"no address: {error.detail}", not isinstance(error, Unavailable))
    except Exception as error:  # one mail that cannot be made must not keep the others back
        log.warning("mail.failed", mail_id=str(mail.id), error=repr(error), exc_info=error)
        await _record_failure(runtime, mail, reason_of(error), permanent=False)
    else:
        await _record_sent(runtime, mail.id)


async def _rendered(runtime: NotificationsRuntime, mail: ClaimedMail) -> tuple[str, Email]:
    """Address and text of now; raises MailVoid where the service that asked for the mail does not want it any more."""
    if mail.mail_token_id is not None:
        return render_token_mail(await fetch_token_mail(runtime.peers, mail.mail_token_id), runtime.settings)
    if mail.person is not None:
        return mail.person.email, await _email(runtime, mail, mail.person)
    assert mail.user_id is not None, "ck_mails_recipient"
    person = await _person(runtime, mail.user_id)
    return person.email, await _email(runtime, mail, person)


def _useless(mail: ClaimedMail, now: datetime) -> str:
    """Why it is not sent, if it is not."""
    if mail.useful_until is not None and now >= mail.useful_until:
        return "no longer of use"
    start = mail.params.get("start")
    if mail.booking and start and not is_true(mail.template, datetime.fromisoformat(start), mail.booking):
        return "no longer true"
    return ""


async def _email(runtime: NotificationsRuntime, claimed: ClaimedMail, person: Person) -> Email:
    mail = await _as_of_now(runtime, claimed)
    params = mail.params | await _names(runtime, mail)
    zone = person.timezone or mail.params.get(ZONE, "UTC")
    email = render_email(mail.template, params, person.first_name, zone, runtime.clock.now())
    return replace(email, invite=await _invite(runtime, mail, person.email))


async def _invite(runtime: NotificationsRuntime, mail: ClaimedMail, address: str) -> Invite | None:
    method, booking = method_of(mail.template), mail.booking
    if method is None or booking is None:
        return None
    sessions = [each for each in await _sessions(runtime, mail, booking) if belongs_in(method, each)]
    if not sessions:
        return None
    return invite_of(method, sessions, mail.params, runtime.settings.mail_from, address, runtime.clock.now())


async def _sessions(runtime: NotificationsRuntime, mail: ClaimedMail, booking: BookingState) -> list[BookingState]:
    """What the mail is about: a booking, those of a session that moved, or the sessions that were bought as one."""
    async with runtime.db.read() as session:
        if booking.is_parent:
            return await BookingCopies(session).parts_of(booking.id)
        if mail.template.endswith("/session") and mail.user_id is not None:
            return await BookingCopies(session).of_session(mail.user_id, booking.start_time)
    return [booking]


async def _as_of_now(runtime: NotificationsRuntime, mail: ClaimedMail) -> ClaimedMail:
    """The mail with the parameters of the moment at which it is sent."""
    if mail.booking is None or "start" not in mail.params:
        return mail
    start, params, template = mail.booking.start_time, dict(mail.params), mail.template
    if "remaining" in params:
        params["remaining"] = remaining(start - runtime.clock.now())
    if template.startswith("booking.confirmed/"):
        params["start"] = render_utc(start)
    if "seats" in params and not template.endswith("/client"):
        assert mail.user_id is not None, "ck_mails_recipient"
        async with runtime.db.read() as session:
            seats = await BookingCopies(session).seats(mail.user_id, start)
        params["seats"], template = str(seats), practitioners_reminder(seats)
    return replace(mail, params=params, template=template)


async def _names(runtime: NotificationsRuntime, mail: ClaimedMail) -> dict[str, str]:
    """Names of the person whom the mail is about, fetched where no event brought them; a mail also goes without."""
    about = mail.about
    if about is None:
        return {}
    form = runtime.settings.client_names
    names, wanted = mail.named.names(form) if mail.named else {}, names_in(mail.template)
    if wanted <= names.keys():
        return names
    with suppress(AppError):
        await fetch_missing_person(runtime.db, runtime.peers, about)
        if "practitioner" in wanted:
            await fetch_missing_practitioner(runtime.db, runtime.peers, about)
    async with runtime.db.transaction() as session:
        known = (await People(session).known([about])).get(about)
    return known.names(form) if known else {}


async def _person(runtime: NotificationsRuntime, user_id: UUID) -> Person:
    """Raises NotFound where there is no such account, or it was deactivated."""
    await fetch_missing_person(runtime.db, runtime.peers, user_id)
    async with runtime.db.read() as session:
        return await People(session).get(user_id)


async def _record_sent(runtime: NotificationsRuntime, mail_id: UUID) -> None:
    async with runtime.db.autocommit() as session:
        await Mails(session).mark_sent(mail_id)
    MAILS.labels(MailStatus.SENT.value).inc()


async def _record_failure(runtime: NotificationsRuntime, mail: ClaimedMail, why: str, permanent: bool) -> None:
    await _record(runtime, mail.id, outcome(mail.tries, permanent), why)


async def _record(runtime: NotificationsRuntime, mail_id: UUID, to: MailStatus, why: str) -> None:
    async with runtime.db.transaction() as session:
        mail = await Mails(session).find(mail_id)
        if mail is None:
            return
        if to is MailStatus.PENDING:
            mail.waits(why, BACK_OFF.after(mail.tries))
        else:
            mail.give_up(why)
            if mail.status is MailStatus.PENDING:
                transition(mail, to, MAIL_TRANSITIONS)
    MAILS.labels(to.value).inc()

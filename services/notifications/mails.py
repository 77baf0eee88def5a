"""SQL of mails: stored with what happened, claimed one by one, sent with no transaction open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, cast, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.domain import MAIL_TRANSITIONS, Backlog, Lane, MailStatus, Standing
from services.notifications.models import Booking, Mail, Person
from services.notifications.people import PEOPLE, PRACTITIONERS, Known
from shared.database.session import TIMESTAMPTZ, Session, table_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.records.ids import moment_of


@dataclass(frozen=True)
class Claimed:
    """A mail to be sent now, to whom and about whom where that is known here, and how its booking stands.

    `attempts` counts this one.
    """

    id: UUID
    user_id: UUID
    template: str
    facts: dict[str, str]
    about: UUID | None
    useful_until: datetime | None
    attempts: int
    person: Person | None
    named: Known | None
    booking: Standing | None

    @classmethod
    def of(cls, row: Any) -> "Claimed":
        """From a row of CLAIM."""
        address = {"email": row.email, "first_name": row.first_name, "timezone": row.timezone}
        person = Person(user_id=row.user_id, **address) if row.email else None
        named = None if row.about_first is None else Known(row.about_first, row.about_last, None, row.about_display)
        standing = Standing(row.booking_status, row.booking_start) if row.booking_status else None
        plain = (row.id, row.user_id, row.template, row.facts, row.about, row.useful_until, row.attempts)
        return cls(*plain, person, named, standing)


class Mails:
    """Mails on their way."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, mails: Sequence[Mapping[str, Any]]) -> None:
        """Stores those of which their person had not been told already."""
        now = machine_now()
        await self.session.run_many(ADD_MAIL, [{**mail, "next_try_at": now} for mail in mails])

    async def waiting(self, lane: Lane | None) -> bool:
        """Whether any mail of that lane, or at all, is to be tried now."""
        return bool(await self.session.run(WAITING[lane], _moments(lane)))

    async def claim(self, lease: timedelta, lane: Lane | None, number: int) -> list[Claimed]:
        """Up to so many of those that wait longest, ours for that long; mails that others hold are passed over.

        Without a lane those of the first lane come first.
        """
        asked = {**_moments(lane), "leased_until": machine_now() + lease, "number": number}
        rows = await self.session.run(CLAIM[lane], asked)
        return [Claimed.of(row) for row in rows]

    async def give_back(self, mails: Sequence[Claimed]) -> None:
        """Claimed mails that were not tried are due again, and nothing is counted; not those claimed anew meanwhile."""
        ours = tuple_(Mail.id, Mail.attempts).in_([(mail.id, mail.attempts) for mail in mails])
        theirs = update(Mail).where(ours, Mail.status == MailStatus.PENDING)
        await self.session.execute(theirs.values(attempts=Mail.attempts - 1, next_try_at=machine_now()))

    async def sent(self, mail_id: UUID) -> None:
        """Notes that it went out, also where it was dropped on its way."""
        await self.session.run(MARK_SENT, {"mail_id": mail_id, "sent_at": machine_now()})

    async def find(self, mail_id: UUID) -> Mail | None:
        """Locked; None once its person was erased."""
        return await self.session.get(Mail, mail_id, with_for_update=True)

    async def silence(self, booking_id: UUID) -> None:
        """Drops what still waits to be sent about a booking: it has become untrue.

        What the practitioner is to read of a session goes on while another seat of it is booked.
        """
        other = (
            select(Booking)
            .where(Booking.practitioner_user_id == Mail.user_id, Booking.status == "confirmed")
            .where(Booking.id != booking_id, Booking.start_time == Mail.facts["start"].astext.cast(TIMESTAMPTZ))
            .limit(1)
        )
        seat = {column: other.with_only_columns(column).scalar_subquery() for column in (Booking.id, Booking.client_id)}
        theirs = update(Mail).where(Mail.booking_id == booking_id, Mail.status == MailStatus.PENDING)
        to = {"booking_id": seat[Booking.id], "about": seat[Booking.client_id]}
        await self.session.execute(theirs.where(seat[Booking.id].is_not(None)).values(to))
        waiting = update(Mail).where(Mail.booking_id == booking_id, Mail.status == MailStatus.PENDING)
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop_about_payout(self, payout_id: UUID) -> None:
        """Drops what waits to be sent of a payout, to its practitioner and to staff: a newer state replaces it."""
        waiting = update(Mail).where(Mail.status == MailStatus.PENDING, Mail.lane == Lane.AWAITED)
        about = waiting.where(Mail.template.startswith("payout."), Mail.cause.contains(str(payout_id)))
        await self.session.execute(about.values(status=MailStatus.DROPPED))

    async def backlog(self) -> list[Backlog]:
        """What waits in each lane; nothing for what is empty."""
        parts = (Mail.lane, Mail.attempts > 0)
        oldest = cast(func.min(cast(Mail.id, Text)), Uuid)  # min(uuid) came with Postgres 18
        waiting = select(*parts, func.count(), oldest).where(Mail.status == MailStatus.PENDING).group_by(*parts)
        rows = await self.session.execute(waiting)
        return [Backlog(lane, tried, count, moment_of(first)) for lane, tried, count, first in rows]

    async def note_outage(self, lane: Lane | None, reason: str) -> None:
        """Writes why to the thousand due mails of that lane, or of all, that wait longest; none of them is tried."""
        due = select(Mail.id).where(Mail.status == MailStatus.PENDING, Mail.next_try_at <= machine_now())
        due = due if lane is None else due.where(Mail.lane == lane)
        first = due.order_by(Mail.lane, Mail.next_try_at).limit(OUTAGE_NOTES).with_for_update(skip_locked=True)
        unnoted = update(Mail).where(Mail.id.in_(first), Mail.last_error.is_distinct_from(reason))
        await self.session.execute(unnoted.values(last_error=reason))

    async def unsent(self, status: MailStatus, limit: int) -> Sequence[Mail]:
        """Those of that status, the oldest first."""
        found = select(Mail).where(Mail.status == status).order_by(Mail.id).limit(limit)
        return (await self.session.scalars(found)).all()

    async def revive(self) -> int:
        """Makes all that were given up pending again, with all attempts before them; returns how many."""
        failed = update(Mail).where(Mail.status == MailStatus.FAILED).returning(Mail.id)
        again = failed.values(status=MailStatus.PENDING, attempts=0, next_try_at=machine_now())
        return len((await self.session.scalars(again)).all())

    async def drop(self, user_id: UUID, cause: str | None = None, templates: str | None = None) -> None:
        """Drops what still waits to be sent to that person, for that cause, of templates of that kind, or at all."""
        waiting = update(Mail).where(Mail.user_id == user_id, Mail.status == MailStatus.PENDING)
        waiting = waiting if cause is None else waiting.where(Mail.cause == cause)
        waiting = waiting if templates is None else waiting.where(Mail.template.startswith(templates))
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))


def _moments(lane: Lane | None) -> dict[str, Any]:
    now = machine_now()
    return {"now": now} | ({"behind": now - BEHIND} if lane is None else {})


BEHIND = timedelta(seconds=2)
OUTAGE_NOTES = 1000
MAIL, BOOKING = table_of(Mail), table_of(Booking)
CLAIMED = (
    "id",
    "user_id",
    "template",
    "facts",
    "about",
    "booking_id",
    "useful_until",
    "attempts",
    "lane",
    "created_at",
)
ADD_MAIL = CompiledStatement(insert(MAIL).on_conflict_do_nothing())
MAIL_IS_DUE = (MAIL.c.status == MailStatus.PENDING, MAIL.c.next_try_at <= bindparam("now"))
# The first lane has connections of its own; the others help where it is behind.
LEFT_WAITING = (MAIL.c.lane == Lane.BULK) | (MAIL.c.next_try_at <= bindparam("behind"))
LANES = {None: (*MAIL_IS_DUE, LEFT_WAITING), Lane.AWAITED: (*MAIL_IS_DUE, MAIL.c.lane == Lane.AWAITED)}
WAITING = {lane: CompiledStatement(select(MAIL.c.id).where(*due).limit(1)) for lane, due in LANES.items()}


def _claim(due: tuple[ColumnElement[bool], ...]) -> CompiledStatement:
    # The names of the lanes are in the order in which they are sent.
    due_first = select(MAIL.c.id).where(*due).order_by(MAIL.c.lane, MAIL.c.next_try_at).limit(bindparam("number"))
    held = due_first.with_for_update(skip_locked=True).cte("due")
    claimed = (
        update(MAIL)
        .where(MAIL.c.id.in_(select(held.c.id)))
        .values(attempts=MAIL.c.attempts + 1, next_try_at=bindparam("leased_until"))
        .returning(*(MAIL.c[name] for name in CLAIMED))
        .cte("claimed")
    )
    told_of = func.coalesce(claimed.c.booking_id, claimed.c.facts["booking_id"].astext.cast(Uuid))
    standing = BOOKING.c.status.label("booking_status"), BOOKING.c.start_time.label("booking_start")
    about = PEOPLE.alias("about_person")
    named = about.c.first_name.label("about_first"), about.c.last_name.label("about_last")
    display = PRACTITIONERS.c.display_name.label("about_display")
    return CompiledStatement(
        select(claimed, Person.email, Person.first_name, Person.timezone, *named, display, *standing)
        .outerjoin(Person, Person.user_id == claimed.c.user_id)
        .outerjoin(about, about.c.user_id == claimed.c.about)
        .outerjoin(PRACTITIONERS, PRACTITIONERS.c.user_id == claimed.c.about)
        .outerjoin(BOOKING, BOOKING.c.id == told_of)
        .order_by(claimed.c.lane, claimed.c.created_at, claimed.c.id)
    )


CLAIM = {lane: _claim(due) for lane, due in LANES.items()}
MAY_BE_SENT = [status for status, after in MAIL_TRANSITIONS.items() if MailStatus.SENT in after]
MARK_SENT = CompiledStatement(
    update(MAIL)
    .where(MAIL.c.id == bindparam("mail_id"), or_(*(MAIL.c.status == status for status in MAY_BE_SENT)))
    .values(status=MailStatus.SENT, last_error=None)
)

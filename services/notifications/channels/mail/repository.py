"""SQL of mails: stored with what happened, leased to a worker with all that is needed to send them, recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, cast, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.booking_copies.domain import BookingState
from services.notifications.booking_copies.models import BookingCopy
from services.notifications.channels.mail.domain import MAIL_TRANSITIONS, Backlog, Lane, MailStatus
from services.notifications.channels.mail.models import Mail
from services.notifications.people.models import Person
from services.notifications.people.repository import PEOPLE, PRACTITIONERS, KnownPerson
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.records.ids import moment_of
from shared.work.attempts import claiming, short

BEHIND = timedelta(seconds=2)
OUTAGE_NOTES = 1000
IS_PENDING = Mail.waiting()


@dataclass(frozen=True)
class ClaimedMail:
    """A mail to be sent now, to whom and about whom where that is known here, and the state of its booking.

    `tries` counts this one.
    """

    id: UUID
    user_id: UUID | None
    mail_token_id: UUID | None
    template: str
    params: dict[str, str]
    about: UUID | None
    useful_until: datetime | None
    tries: int
    person: Person | None
    named: KnownPerson | None
    booking: BookingState | None

    @classmethod
    def of(cls, row: Any) -> "ClaimedMail":
        """From a row of CLAIM."""
        address = {"email": row.email, "first_name": row.first_name, "timezone": row.timezone}
        person = Person(user_id=row.user_id, **address) if row.email else None
        named = None
        if row.about_first is not None:
            named = KnownPerson(row.about_first, row.about_last, None, row.about_display)
        booking = None
        if row.booking_status:
            state = (row.booking_status, row.booking_start, row.booking_end, row.booking_version)
            booking = BookingState(row.the_booking, *state, row.booking_of_several)
        plain = (
            row.id,
            row.user_id,
            row.mail_token_id,
            row.template,
            row.params,
            row.about,
            row.useful_until,
            row.tries,
        )
        return cls(*plain, person, named, booking)


class Mails(Repository):
    """Mails that are to be sent, are being sent, or were."""

    async def add_once(self, mails: Sequence[Mapping[str, Any]]) -> None:
        """Stores those of whose cause their person was not mailed before."""
        now = machine_now()
        await self.session.run_many(ADD, [{**mail, "next_try_at": now} for mail in mails])

    async def waiting(self, lane: Lane | None) -> bool:
        """Whether any mail of that lane, or at all, is to be tried now."""
        return bool(await self.session.run(WAITING[lane], _moments(lane)))

    async def claim(self, lease: timedelta, lane: Lane | None, number: int) -> list[ClaimedMail]:
        """Up to so many of those that wait longest, leased for that long; mails leased to others are passed over.

        Without a lane those of the first lane come first.
        """
        values = {**_moments(lane), "leased_until": machine_now() + lease, "number": number}
        return [ClaimedMail.of(row) for row in await self.session.run(CLAIM[lane], values)]

    async def give_back(self, mails: Sequence[ClaimedMail]) -> None:
        """Claimed mails that were not tried are due again, and nothing is counted; not those claimed anew meanwhile."""
        ours = tuple_(Mail.id, Mail.tries).in_([(mail.id, mail.tries) for mail in mails])
        due = {"tries": Mail.tries - 1, "next_try_at": machine_now(), "last_error": None}
        await self.session.execute(update(Mail).where(ours, IS_PENDING).values(due))

    async def mark_sent(self, mail_id: UUID) -> None:
        """Records that it went out, also where it was dropped meanwhile."""
        await self.session.run(MARK_SENT, {"mail_id": mail_id, "sent_at": machine_now()})

    async def find(self, mail_id: UUID) -> Mail | None:
        """Locked; None once its person was erased."""
        return await self.session.get(Mail, mail_id, with_for_update=True)

    async def cancel_pending(self, booking_id: UUID) -> None:
        """Drops what still waits to be sent about a booking, since it has become untrue.

        A practitioner's mail about a session goes on while another seat of that session is booked.
        """
        other = (
            select(BookingCopy)
            .where(BookingCopy.practitioner_user_id == Mail.user_id, BookingCopy.status == "confirmed")
            .where(BookingCopy.id != booking_id)
            .where(BookingCopy.start_time == Mail.params["start"].astext.cast(TIMESTAMPTZ))
            .limit(1)
        )
        seat = other.with_only_columns(BookingCopy.id).scalar_subquery()
        client = other.with_only_columns(BookingCopy.client_id).scalar_subquery()
        waiting = update(Mail).where(Mail.booking_id == booking_id, IS_PENDING)
        await self.session.execute(waiting.where(seat.is_not(None)).values(booking_id=seat, about=client))
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop_payout(self, payout_id: UUID) -> None:
        """Drops what waits to be sent of a payout, to its practitioner and to staff: a newer state replaces it."""
        waiting = update(Mail).where(IS_PENDING, Mail.lane == Lane.AWAITED)
        about = waiting.where(Mail.template.startswith("payout."), Mail.cause.contains(str(payout_id)))
        await self.session.execute(about.values(status=MailStatus.DROPPED))

    async def drop_post(self, post_id: UUID) -> None:
        """Drops what waits to be sent of a post that is gone."""
        waiting = update(Mail).where(IS_PENDING, Mail.lane == Lane.BULK, Mail.cause == f"post.published:{post_id}")
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop_posts_of(self, owner_id: UUID) -> None:
        """Drops what waits to be sent of posts of an owner whose account is closed: nobody can read them."""
        waiting = update(Mail).where(IS_PENDING, Mail.about == owner_id, Mail.template == "post.published")
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop(self, user_id: UUID, cause: str | None = None, templates: str | None = None) -> None:
        """Drops what still waits to be sent to that person, for that cause, of templates of that kind, or at all."""
        waiting = update(Mail).where(Mail.user_id == user_id, IS_PENDING)
        waiting = waiting if cause is None else waiting.where(Mail.cause == cause)
        waiting = waiting if templates is None else waiting.where(Mail.template.startswith(templates))
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def backlog(self) -> list[Backlog]:
        """What waits in each lane; nothing for what is empty."""
        parts = (Mail.lane, Mail.tries > 0)
        oldest = cast(func.min(cast(Mail.id, Text)), Uuid)  # ids have the same order as text
        waiting = select(*parts, func.count(), oldest).where(IS_PENDING).group_by(*parts)
        rows = await self.session.execute(waiting)
        return [Backlog(lane, tried, count, moment_of(first)) for lane, tried, count, first in rows]

    async def note_outage(self, lane: Lane | None, reason: str) -> None:
        """Writes why to the thousand due mails of that lane, or of all, that wait longest; none of them is tried."""
        why = short(reason)
        due = select(Mail.id).where(IS_PENDING, Mail.next_try_at <= machine_now())
        due = due if lane is None else due.where(Mail.lane == lane)
        first = due.order_by(Mail.lane, Mail.next_try_at).limit(OUTAGE_NOTES).with_for_update(skip_locked=True)
        unnoted = update(Mail).where(Mail.id.in_(first), Mail.last_error.is_distinct_from(why))
        await self.session.execute(unnoted.values(last_error=why))

    async def unsent(self, status: MailStatus, limit: int) -> Sequence[Mail]:
        """Those of that status, the oldest first."""
        found = select(Mail).where(Mail.status == status).order_by(Mail.id).limit(limit)
        return (await self.session.scalars(found)).all()

    async def revive(self) -> int:
        """Makes all that were given up pending again, with all tries before them; returns how many."""
        failed = update(Mail).where(Mail.status == MailStatus.FAILED).returning(Mail.id)
        again = failed.values(status=MailStatus.PENDING, tries=0, next_try_at=machine_now())
        return len((await self.session.scalars(again)).all())


def _moments(lane: Lane | None) -> dict[str, datetime]:
    """The values of `now` and `behind` that the statements of that lane need."""
    now = machine_now()
    return {"now": now} | ({"behind": now - BEHIND} if lane is None else {})


MAIL, BOOKING = table_of(Mail), table_of(BookingCopy)
CLAIMED = [
    "id",
    "user_id",
    "mail_token_id",
    "template",
    "params",
    "about",
    "booking_id",
    "useful_until",
    "tries",
    "lane",
    "created_at",
]
IS_DUE = (MAIL.c.status == MailStatus.PENDING, MAIL.c.next_try_at <= bindparam("now"))
# The first lane has connections of its own; the others help where it is behind.
LEFT_WAITING = (MAIL.c.lane == Lane.BULK) | (MAIL.c.next_try_at <= bindparam("behind"))
LANES = {None: (*IS_DUE, LEFT_WAITING), Lane.AWAITED: (*IS_DUE, MAIL.c.lane == Lane.AWAITED)}


def _claim(due: tuple[ColumnElement[bool], ...]) -> CompiledStatement:
    # The names of the lanes are in the order in which they are sent.
    claim = claiming(MAIL, due, [MAIL.c.lane, MAIL.c.next_try_at], bindparam("leased_until"))
    claimed = claim.returning(*(MAIL.c[name] for name in CLAIMED)).cte("claimed")
    booking_id = func.coalesce(claimed.c.booking_id, claimed.c.params["booking_id"].astext.cast(Uuid))
    booking = (
        BOOKING.c.id.label("the_booking"),
        BOOKING.c.status.label("booking_status"),
        BOOKING.c.start_time.label("booking_start"),
        BOOKING.c.end_time.label("booking_end"),
        BOOKING.c.start_version.label("booking_version"),
        BOOKING.c.is_parent.label("booking_of_several"),
    )
    about = PEOPLE.alias("about_person")
    named = about.c.first_name.label("about_first"), about.c.last_name.label("about_last")
    display = PRACTITIONERS.c.display_name.label("about_display")
    return CompiledStatement(
        select(claimed, PEOPLE.c.email, PEOPLE.c.first_name, PEOPLE.c.timezone, *named, display, *booking)
        .outerjoin(PEOPLE, PEOPLE.c.user_id == claimed.c.user_id)
        .outerjoin(about, about.c.user_id == claimed.c.about)
        .outerjoin(PRACTITIONERS, PRACTITIONERS.c.user_id == claimed.c.about)
        .outerjoin(BOOKING, BOOKING.c.id == booking_id)
        .order_by(claimed.c.lane, claimed.c.created_at, claimed.c.id)
    )


# Both compiled for benchmarks/mail.py.
WAITING = {lane: CompiledStatement(select(MAIL.c.id).where(*due).limit(1)) for lane, due in LANES.items()}
CLAIM = {lane: _claim(due) for lane, due in LANES.items()}
MAY_BE_SENT = [status for status, after in MAIL_TRANSITIONS.items() if MailStatus.SENT in after]
# Compiled for benchmarks/checkouts.py, and for benchmarks/mail.py.
ADD = CompiledStatement(insert(MAIL).on_conflict_do_nothing())
MARK_SENT = CompiledStatement(
    update(MAIL)
    .where(MAIL.c.id == bindparam("mail_id"), or_(*(MAIL.c.status == status for status in MAY_BE_SENT)))
    .values(status=MailStatus.SENT, last_error=None)
)

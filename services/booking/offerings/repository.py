"""Services as booking knows them, with the hours that apply to them."""

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import bindparam, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.offerings.models import Offering
from services.booking.people.repository import may_not_sell
from services.booking.schedules.domain import Hours, closed_dates, hours_of
from services.booking.schedules.models import Schedule
from shared.database.session import Session
from shared.events.catalog import ServiceSnapshot


@dataclass(frozen=True)
class ServiceWithHours:
    """A service and its hours. `has_overdue_holds`: some of its practitioner's holds have run out, unreleased.

    `may_sell`: its practitioner is neither gone nor without approval, whatever catalog's last word about it is.
    """

    offering: Offering
    hours: Hours
    has_overdue_holds: bool
    may_sell: bool


class Offerings:
    """The projection of catalog's services."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def find(self, service_id: UUID) -> ServiceWithHours | None:
        """The service with its own hours, else its practitioner's, in one statement."""
        asked = {"wanted": service_id, "now": self.session.now()}
        row = (await self.session.execute(FIND, asked)).one_or_none()
        if row is None:
            return None
        offering, own_row, usual_row, overdue, barred = row
        return ServiceWithHours(offering, _hours(offering, own_row, usual_row), bool(overdue), not barred)

    async def put(self, snapshot: ServiceSnapshot) -> None:
        """Stores what catalog says, unless something newer is there."""
        row = _row(snapshot)
        newer = insert(Offering).values(row)
        changes = {name: newer.excluded[name] for name in row if name != "service_id"}
        statement = newer.on_conflict_do_update(
            index_elements=["service_id"], set_=changes, where=Offering.version < newer.excluded.version
        )
        await self.session.execute(statement)


def _hours(offering: Offering, own: Schedule | None, usual: Schedule | None) -> Hours:
    schedule = own or usual
    if schedule is None:
        return Hours(offering.practitioner_timezone, {}, {})
    hours = hours_of(schedule.timezone, schedule.weekly, schedule.overrides)
    if own is None or usual is None:
        return hours
    return replace(hours, closed=closed_dates(usual.timezone, usual.overrides))


def _row(snapshot: ServiceSnapshot) -> dict[str, object]:
    row = snapshot.model_dump(exclude={"price", "service_type"})
    return {**row, "price_amount": snapshot.price.amount, "currency": snapshot.price.currency}


OWN, USUAL = aliased(Schedule), aliased(Schedule)
OVERDUE = exists().where(
    Booking.practitioner_id == Offering.practitioner_id,
    Booking.status == BookingStatus.PENDING_PAYMENT,
    Booking.expires_at <= bindparam("now"),
)
BARRED = may_not_sell(Offering.practitioner_id.expression, Offering.practitioner_user_id.expression)
FIND = (
    select(Offering, OWN, USUAL, OVERDUE.label("overdue"), BARRED.label("barred"))
    .outerjoin(OWN, (OWN.practitioner_id == Offering.practitioner_id) & (OWN.service_id == Offering.service_id))
    .outerjoin(USUAL, (USUAL.practitioner_id == Offering.practitioner_id) & USUAL.service_id.is_(None))
    .where(Offering.service_id == bindparam("wanted"))
)

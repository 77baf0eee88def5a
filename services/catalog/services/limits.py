"""How many services a practitioner's plan allows: judged when one goes on sale, and when the plan is another.

Whoever judges has the practitioner's lock, so that of services that go on sale at once none is beyond the limit.
"""

from uuid import UUID

from services.catalog.plans.repository import Plans
from services.catalog.practitioners.repository import Practitioners
from services.catalog.services.domain import InactiveReason
from services.catalog.services.errors import PlanLimit
from services.catalog.services.models import Service
from services.catalog.services.publication import publish
from services.catalog.services.repository import Services
from shared.database.session import Session
from shared.events.catalog import ServiceDeactivated, ServiceUpdated


async def demand_place(session: Session, practitioner_id: UUID) -> None:
    """Raises PlanLimit unless one more service may go on sale. The practitioner is locked."""
    limit = await Plans(session).service_limit(practitioner_id)
    if limit is not None and await Services(session).count_active_of(practitioner_id) >= limit:
        raise PlanLimit(f"Your plan allows {limit} services on sale. Take one off sale, or choose another plan.")


async def fit_to_plan(session: Session, practitioner_id: UUID) -> None:
    """Takes the newest services beyond the plan's limit off sale, or puts back what an earlier plan took off."""
    await Practitioners(session).get(practitioner_id, lock=True)
    limit = await Plans(session).service_limit(practitioner_id)
    services = sorted(await Services(session).lock_all_of(practitioner_id), key=lambda each: (each.created_at, each.id))
    active = [each for each in services if each.is_active]
    taken_off = [each for each in services if each.inactive_reason is InactiveReason.PLAN_LIMIT]
    beyond = [] if limit is None else active[limit:]
    room = None if limit is None else max(limit - len(active), 0)
    for service in beyond:
        _sell(session, service, active=False)
    for service in taken_off[:room]:
        _sell(session, service, active=True)


def _sell(session: Session, service: Service, *, active: bool) -> None:
    service.is_active = active
    service.inactive_reason = None if active else InactiveReason.PLAN_LIMIT
    publish(session, service, ServiceUpdated if active else ServiceDeactivated)

"""Reading Stripe's lists, a page at a time, so that a crash costs a page."""

from dataclasses import dataclass
from datetime import datetime

from services.payments.reconciliation.domain import EVERY, Listed, window
from services.payments.reconciliation.models import StripeListRead
from services.payments.reconciliation.repository import ListReads, Records
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.objects import StripePage
from shared.observability.logs import logger
from shared.records.clock import machine_now

log = logger()


@dataclass(frozen=True)
class Position:
    """Where a look goes on."""

    since: datetime
    cursor: str | None


async def read_on(runtime: PaymentsRuntime, kind: Listed) -> bool:
    """Reads the next page of that list, if a look is due or under way; True while there are more.

    Without an answer of Stripe the look goes on there another time; a place that Stripe refuses is given up.
    """
    place, asked_at = await _position_of(runtime, kind), machine_now()
    if place is None:
        return False
    try:
        page = await runtime.stripe.page_of(kind.value, place.since, place.cursor)
    except (StripeUnavailable, StripeRefused) as error:
        log.warning("reconciliation.defer", list=kind.value, error=repr(error))
        if isinstance(error, StripeRefused):
            await _from_the_start(runtime, kind)
        return False
    await _keep(runtime, kind, page, asked_at)
    return page.more


async def _position_of(runtime: PaymentsRuntime, kind: Listed) -> Position | None:
    async with runtime.db.transaction() as session:
        look, started_at = await ListReads(session).get(kind), await ListReads(session).started_at()
        if look.since is None:
            if started_at is None or session.now() < look.due_at:
                return None
            look.since, look.began_at = window(started_at, look.read_until), machine_now()
            look.due_at = session.now() + EVERY
        return Position(look.since, look.cursor)


async def _keep(runtime: PaymentsRuntime, kind: Listed, page: StripePage, asked_at: datetime) -> None:
    async with runtime.db.transaction() as session:
        await Records(session).put(kind, page.listed, asked_at)
        look = await ListReads(session).get(kind)
        if page.more:
            look.cursor = page.listed[-1].id
        else:
            _complete(look)


def _complete(look: StripeListRead) -> None:
    look.read_until, look.since, look.began_at, look.cursor = look.began_at, None, None, None


async def _from_the_start(runtime: PaymentsRuntime, kind: Listed) -> None:
    async with runtime.db.transaction() as session:
        (await ListReads(session).get(kind)).cursor = None

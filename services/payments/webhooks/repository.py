"""SQL of webhooks."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Text, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from services.payments.webhooks.domain import BACK_OFF, PAUSE_WITHOUT_STRIPE, EventState, after_failure
from services.payments.webhooks.models import StripeEvent
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now
from shared.work.attempts import short

RETENTION = timedelta(days=30)


class StripeEvents(Repository):
    """What Stripe has sent."""

    async def add(
        self, event_id: str, kind: str, account: str | None, object_id: str, payload: bytes, state: EventState
    ) -> None:
        """Stores it, unless it is here already."""
        values = {
            "id": event_id,
            "type": kind,
            "account": account,
            "object_id": object_id,
            "payload": payload,
            "state": state,
            "tries": 0,
            "received_at": machine_now(),
            "next_try_at": machine_now(),
        }
        await self.session.run(ADD, values)

    async def pending(self, limit: int) -> Sequence[StripeEvent]:
        """What waits to be acted on and is due, in the order of its coming; without the payload."""
        rows = await self.session.run(PENDING, {"now": machine_now(), "limit": limit})
        return [StripeEvent(**row._asdict()) for row in rows]

    async def finish(self, ids: Sequence[str]) -> None:
        """These have been acted on."""
        await self.session.run(FINISH, {"ids": list(ids)})

    async def defer(self, events: Sequence[StripeEvent], error: str, *, hopeless: bool = False) -> None:
        """These failed; each waits longer after every failure, and is dead after too many or when it is hopeless."""
        for event in events:
            event.failed(error, BACK_OFF)
            values = {"tries": event.tries, "last_error": event.last_error, "next_try_at": event.next_try_at}
            values["state"] = after_failure(event.tries, hopeless=hopeless)
            await self.session.execute(update(StripeEvent).where(StripeEvent.id == event.id).values(**values))

    async def wait_for_stripe(self, ids: Sequence[str], error: str) -> None:
        """Stripe did not answer: these wait, and no failure is counted."""
        later = update(StripeEvent).where(StripeEvent.id.in_(ids))
        next_try_at = machine_now() + PAUSE_WITHOUT_STRIPE
        await self.session.execute(later.values(last_error=short(error), next_try_at=next_try_at))

    async def forget(self) -> int:
        """Deletes what was settled more than thirty days ago, which dead ones are not; returns how many."""
        old = delete(StripeEvent).where(
            StripeEvent.received_at < machine_now() - RETENTION,
            StripeEvent.state.in_([EventState.DONE, EventState.IGNORED]),
        )
        return len((await self.session.scalars(old.returning(StripeEvent.id))).all())


EVENT = table_of(StripeEvent)
# Every checkout has several events of Stripe's: compiled for benchmarks/checkouts.py.
ADD = CompiledStatement(insert(EVENT).on_conflict_do_nothing())
PENDING = CompiledStatement(
    select(EVENT.c.id, EVENT.c.type, EVENT.c.account, EVENT.c.object_id, EVENT.c.tries)
    .where(EVENT.c.state == EventState.PENDING, EVENT.c.next_try_at <= bindparam("now"))
    .order_by(EVENT.c.received_at)
    .limit(bindparam("limit"))
)
FINISH = CompiledStatement(
    update(EVENT)
    .where(EVENT.c.id == bindparam("ids", type_=ARRAY(Text)).any_())
    .values(state=EventState.DONE, last_error=None)
)

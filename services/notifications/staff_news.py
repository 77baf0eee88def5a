"""What all staff are told. Who is staff is identity's to say, and is asked when they are told."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.notifications import service, texts
from services.notifications.domain import Topic
from services.notifications.mails import Mails
from services.notifications.models import StaffNews
from services.notifications.peers import who_is_staff
from services.notifications.runtime import NotificationsRuntime
from services.notifications.service import Notification
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import ChargebackLost, PayoutNeedsAttention
from shared.records.times import render_utc

A_RUN = 20


async def chargeback_lost(session: Session, event: ChargebackLost) -> None:
    """What the payment had paid for stays held until staff decide."""
    kind, order = "chargeback.lost", str(event.order_id)
    facts = {"amount": texts.money(event.amount), "order": order, "dispute": event.stripe_dispute_id}
    booking = {"booking_id": str(event.booking_id)} if event.booking_id else {}
    data = {"order_id": order, "stripe_dispute_id": event.stripe_dispute_id, **booking}
    await keep(session, kind, f"{kind}:{event.stripe_dispute_id}", facts, data)


async def payout_needs_attention(session: Session, event: PayoutNeedsAttention) -> None:
    """The practitioner sees it, and staff decide; a payout may need it again after it went on."""
    await withdraw(session, event.payout_id)
    kind, payout = "payout.needs_attention", str(event.payout_id)
    facts = {"amount": texts.money(event.amount), "reason": event.reason or "none was given", "payout": payout}
    cause = f"{kind}:{payout}:{render_utc(event.occurred_at)}"
    data = {"payout_id": payout}
    await keep(session, f"{kind}/staff", cause, facts, data)
    to_practitioner = Notification(event.user_id, Topic.PAYMENTS, kind, f"{kind}/practitioner", cause, facts, data)
    await service.tell(session, [to_practitioner])


async def tell_staff(runtime: NotificationsRuntime) -> int:
    """Tells everybody who is staff now, each of these news in a transaction of its own."""
    async with runtime.db.read() as session:
        waiting = (await session.scalars(select(StaffNews).order_by(StaffNews.id).limit(A_RUN))).all()
    if not waiting:
        return 0
    staff = await who_is_staff(runtime.peers)
    for item in waiting:
        async with runtime.db.transaction() as session:
            await _tell(session, item, staff)
    return len(waiting)


async def keep(session: Session, template: str, cause: str, facts: dict[str, str], data: dict[str, str]) -> None:
    """Once per cause; the notices' type is what the template's name begins with."""
    row = {"cause": cause, "template": template, "facts": facts, "data": data, "created_at": session.now()}
    await session.execute(insert(StaffNews).values(row).on_conflict_do_nothing())
    session.wake_jobs_after_commit("tell_staff")


async def withdraw(session: Session, payout_id: UUID) -> None:
    """Nothing more is said of an older state of that payout."""
    await Mails(session).drop_about_payout(payout_id)
    await session.execute(delete(StaffNews).where(StaffNews.data["payout_id"].astext == str(payout_id)))


async def _tell(session: Session, item: StaffNews, staff: Sequence[UUID]) -> None:
    news = [
        Notification(
            user_id=user_id,
            topic=Topic.PAYMENTS,
            type=item.template.partition("/")[0],
            template=item.template,
            cause=item.cause,
            facts=item.facts,
            data=item.data,
        )
        for user_id in staff
    ]
    await session.execute(delete(StaffNews).where(StaffNews.id == item.id))
    await service.tell(session, news)


CONSUMERS: Consumers = {ChargebackLost: chargeback_lost, PayoutNeedsAttention: payout_needs_attention}

"""What follows from the events of a pass: notifications of its sides, frames."""

from dataclasses import replace

from services.notifications.handlers import Handlers
from services.notifications.live.models import StoredFrame
from services.notifications.live.service import BOOKING_UPDATES
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.templates.phrases import money
from shared.database.session import Session
from shared.events.passes import PassChanged
from shared.records.ids import new_id
from shared.records.times import render_utc


async def pass_changed(runtime: NotifyRuntime, session: Session, event: PassChanged) -> None:
    """Both sides are notified of a sale, the client of an end that is near, which another validity announces anew."""
    kinds = {"activated": "pass.active", "expiring": "pass.expiring"}
    kind = kinds.get(event.what)
    if kind is None:
        return
    client = _to_client(event, kind)
    if kind == "pass.expiring":
        await notify(runtime, session, [client], [_frame(event, client)])
        return
    sold = event.sold
    practitioner = replace(
        client, user_id=sold.practitioner_user_id, about=sold.client_id, template=f"{kind}/practitioner"
    )
    both = [client, practitioner]
    await notify(runtime, session, both, [_frame(event, each) for each in both])


def _to_client(event: PassChanged, kind: str) -> Notification:
    sold = event.sold
    until = render_utc(sold.expires_at)
    return Notification(
        user_id=sold.client_id,
        topic=Topic.BOOKINGS,
        type=kind,
        template=f"{kind}/client",
        cause=f"{kind}:{sold.id}:{until if kind == 'pass.expiring' else ''}",
        params={"title": sold.title, "price": money(sold.price), "until": until},
        data={"pass_id": str(sold.id)},
        timezone=sold.timezone,
        about=sold.practitioner_user_id,
    )


def _frame(event: PassChanged, to: Notification) -> StoredFrame:
    sold = event.sold
    shown = sold.model_dump(mode="json", include={"id", "status", "title", "client_id", "practitioner_id", "price"})
    return StoredFrame(
        id=new_id(),
        user_id=to.user_id,
        channel=BOOKING_UPDATES,
        cause=to.cause,
        type=to.type,
        data=shown | {"expires_at": render_utc(sold.expires_at)},
        created_at=event.occurred_at,
    )


CONSUMERS: Handlers = {PassChanged: pass_changed}

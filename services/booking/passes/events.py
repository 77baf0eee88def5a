"""A pass as it goes into events."""

from collections.abc import Iterable

from services.booking.passes.models import Pass, PassSession
from shared.database.session import Session
from shared.events.passes import PassChanged, PassHappening, PassSessionSnapshot, PassSnapshot
from shared.messaging.outbox import emit
from shared.records.money import Money


def publish(session: Session, sold: Pass, what: PassHappening, changed: Iterable[PassSession] = ()) -> None:
    """Publishes the pass as it stands in this transaction, with those of its sessions that have changed."""
    sessions = tuple(
        PassSessionSnapshot(
            id=each.id,
            line_id=each.line_id,
            value=Money(each.value_amount, sold.currency),
            status=each.status.value,
            booking_id=each.booking_id,
            ended_at=each.ended_at,
        )
        for each in changed
    )
    fields = {name: getattr(sold, name) for name in PassSnapshot.model_fields if name != "status"}
    snapshot = PassSnapshot(status=sold.status.value, **fields)
    emit(session, PassChanged(sold=snapshot, sessions=sessions, what=what))

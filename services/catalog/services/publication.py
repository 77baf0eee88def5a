"""What the other services are told of a service that has changed."""

from services.catalog.services.models import Service
from services.catalog.services.schemas import snapshot_of
from shared.database.session import Session
from shared.events.catalog import ServiceEvent
from shared.messaging.outbox import emit


def publish(session: Session, service: Service, kind: type[ServiceEvent]) -> None:
    """Publishes the service's next version; its practitioner is loaded."""
    service.version += 1
    service.updated_at = session.now()
    emit(session, kind(service=snapshot_of(service)))

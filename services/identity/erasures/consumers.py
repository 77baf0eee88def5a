"""What the services answer."""

from functools import partial

from services.identity.erasures import service
from services.identity.runtime import IdentityRuntime
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.privacy import ERASED, PersonErasedEvent


async def _person_erased(runtime: IdentityRuntime, session: Session, event: PersonErasedEvent) -> None:
    await service.answered(session, runtime, event)


async def _unbound(_: Session, __: PersonErasedEvent) -> None:
    raise RuntimeError("the handler needs the runtime: consumers_with")


def consumers_with(runtime: IdentityRuntime) -> Consumers:
    """The handlers, with the runtime that they need."""
    return dict.fromkeys(ERASED.values(), partial(_person_erased, runtime))


CONSUMERS: Consumers = dict.fromkeys(ERASED.values(), _unbound)
"""Which events are read."""

"""What a consumer is in this service, and how the app makes the inbox's handlers of them."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from shared.database.session import Session
from shared.events.base import Consumers, Event

Handlers = Mapping[type[Event], Callable[[Any, Session, Any], Awaitable[None]]]
"""Functions of the service's runtime, the session of the event's transaction, and the event."""


def bound(handlers: Handlers, runtime: object) -> Consumers:
    """The same handlers with that runtime, as the inbox calls them."""
    return {event: partial(handler, runtime) for event, handler in handlers.items()}

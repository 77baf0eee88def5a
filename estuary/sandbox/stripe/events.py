"""Events: what happened, for who missed the webhooks."""

from estuary.sandbox.stripe import lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.work import Object, Work


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/events/{id}."""
    return await work.get("event", call.id, call.account)


async def list_events(work: Work, call: Call) -> Object:
    """GET /v1/events; a connected account's events need its Stripe-Account."""
    return await lists.page(work, call, "event", ("type",))

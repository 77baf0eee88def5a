"""What staff may set: the clock, and how webhooks misbehave. Also the clock for processes of their own."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import Field, PlainSerializer, StrictBool

from estuary.sandbox import clock
from estuary.sandbox.stripe.app import Stripe
from estuary.sandbox.stripe.faults import Faults
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.internal.sandbox import CLOCK, ClockOffset
from shared.records.times import render_utc
from shared.web.http import Body, Route, ServiceOnly, View, errors_of, needs

Rendered = Annotated[datetime, PlainSerializer(render_utc, return_type=str, when_used="json")]
MOST_COPIES, LONGEST_DELAY = 20, 3600
HELD_SECONDS = 2.0

public = APIRouter(prefix="/api/v1/sandbox", route_class=Route, tags=["sandbox"])
internal = APIRouter(route_class=Route, dependencies=[ServiceOnly], include_in_schema=False)
Staff = Annotated[Caller, needs(Permission.CONTROL_SANDBOX)]


class Advance(Body):
    """How far to move: an ISO 8601 duration, as PT26H."""

    advance: Annotated[str, Field(max_length=64)]


class Now(View):
    """Business time."""

    now: Rendered


class WebhookFaults(Body):
    """How webhooks misbehave until set again; what is left out is well."""

    delay_seconds: Annotated[float, Field(strict=True, ge=0, le=LONGEST_DELAY, allow_inf_nan=False)] = 0
    copies: Annotated[int, Field(strict=True, ge=1, le=MOST_COPIES)] = 1
    shuffle: StrictBool = False


@public.post("/clock/", responses=errors_of(clock.WrongDuration))
async def advance_clock(body: Advance, who: Staff, request: Request) -> Now:
    """Moves business time forward in every process within a second."""
    runtime = request.app.state.runtime
    await clock.advance(runtime.db, runtime.clock, clock.parse(body.advance))
    seconds = clock.offset_of(runtime.clock).total_seconds()
    await runtime.bus.broadcast(clock.MOVED, {"offset_seconds": seconds})
    request.app.state.clock_moved.set()
    request.app.state.stripe.steps.wake()
    return Now(now=runtime.clock.now())


@public.get("/clock/")
async def get_clock(request: Request) -> Now:
    """Business time now."""
    return Now(now=request.app.state.runtime.clock.now())


@public.post("/stripe/webhooks/")
async def set_stripe_webhook_faults(body: WebhookFaults, who: Staff, request: Request) -> WebhookFaults:
    """Sets how webhooks misbehave from now on; events of before are sent as they were."""
    stripe: Stripe = request.app.state.stripe
    await stripe.set_faults(Faults(body.delay_seconds, body.copies, body.shuffle))
    return body


@internal.get(CLOCK.path)
async def clock_offset(request: Request, after: float | None = None) -> ClockOffset:
    """What processes of their own follow. With the offset that the caller knows, it waits a moment for another one."""
    runtime, moved = request.app.state.runtime, request.app.state.clock_moved
    seen = moved.count
    if clock.offset_of(runtime.clock).total_seconds() == after:
        await moved.wait(seen, HELD_SECONDS)
    return ClockOffset(offset_seconds=clock.offset_of(runtime.clock).total_seconds())

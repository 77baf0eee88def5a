"""What staff may have go wrong at the sandbox: how its calls fail, and what happens there without a call."""

from typing import Annotated, Self

from fastapi import APIRouter, Request
from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from estuary.sandbox.stripe.app import Stripe
from estuary.sandbox.stripe.call_faults import CallFault, Failure
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.happen import Happening
from estuary.sandbox.stripe.routes import CALLS
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import Conflict, NotFound
from shared.web.http import Body, Route, View, errors_of, needs

MOST_TIMES = 10_000

router = APIRouter(prefix="/api/v1/sandbox/stripe", route_class=Route, tags=["sandbox"])
Staff = Annotated[Caller, needs(Permission.CONTROL_SANDBOX)]


def _known(name: str) -> str:
    if name not in CALLS:
        raise ValueError(f"There is no such call; these are: {', '.join(sorted(CALLS))}.")
    return name


class CallFaultBody(Body):
    """Which calls fail, by the SDK's names (all unless named), in which way, and how often; `times` 0 ends it."""

    calls: list[Annotated[str, AfterValidator(_known)]] | None = Field(default=None, min_length=1)
    error: Failure | None = None
    times: Annotated[int, Field(strict=True, ge=0, le=MOST_TIMES)] = 1

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if self.error is None and self.times:
            raise PydanticCustomError("one_needed", "Name the error, or end the faults with times 0")
        return self


@router.post("/faults/")
async def set_stripe_call_faults(body: CallFaultBody, who: Staff, request: Request) -> CallFaultBody:
    """Has the next requests to those calls fail; it replaces what was set before. Each request counts."""
    stripe: Stripe = request.app.state.stripe
    await stripe.call_faults.put(CallFault(tuple(body.calls or ()), body.error or Failure.REFUSED, body.times))
    return body


class NotPossible(Conflict):
    """The object's state, or what was asked for, does not allow that."""

    code = "not_possible_at_stripe"


class Happened(View):
    """The object that changed or came about, and its status where it has one."""

    what: str
    id: str | None
    status: str | None


@router.post("/happen/", responses=errors_of(NotFound, NotPossible))
async def cause_stripe_event(body: Happening, who: Staff, request: Request) -> Happened:
    """Has something happen at Stripe that no call of ours causes; its webhooks leave as usual."""
    stripe: Stripe = request.app.state.stripe
    try:
        made = await stripe.happen(body) or {}
    except StripeError as error:
        raise (NotFound if error.status == 404 else NotPossible)(error.error["message"]) from error
    return Happened(what=body.what, id=made.get("id"), status=made.get("status"))

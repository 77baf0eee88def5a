"""The one way in which money is moved at Stripe: recorded before it is sent, and never sent twice for one purpose."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.domain import CallOutcome, Purpose
from services.payments.stripe.errors import KeySpent, StripeRefused, StripeUnavailable
from services.payments.stripe.models import ProviderCall
from services.payments.stripe.objects import StripePayout, StripeRefund, StripeReversal, StripeTransfer
from services.payments.stripe.repository import ProviderCalls
from services.payments.stripe.requests import key_of
from shared.database.session import Session
from shared.records.clock import machine_now
from shared.work.attempts import short

KEYS = {
    Purpose.REFUND: "refund",
    Purpose.TRANSFER: "transfer",
    Purpose.REVERSAL: "reversal",
    Purpose.REDUCTION: "reduction",
    Purpose.BANK_PAYOUT: "payout",
}
T = TypeVar("T", StripeRefund, StripeTransfer, StripeReversal, StripePayout)
Found = TypeVar("Found", covariant=True)
NOT_FOUND = "Stripe has nothing of it"


Ready = Callable[[Session], Awaitable[None]]


class Finder(Protocol[Found]):
    """Looks through Stripe's lists for what an attempt since `since` has made."""

    def __call__(self, since: datetime) -> Awaitable[Found | None]: ...


@dataclass(frozen=True)
class Call(Generic[T]):
    """What is to be moved for `subject_id`. `first` numbers the first attempt; `send` takes an attempt's number.

    `ready` runs before the request is recorded, in that transaction; it locks what the call depends on, and raises
    where it must not be made now.
    """

    purpose: Purpose
    subject_id: UUID
    answers: type[T]
    send: Callable[[int], Awaitable[T]]
    find: Finder[T]
    first: int = 1
    ready: Ready | None = None


async def make(runtime: PaymentsRuntime, call: Call[T]) -> T:
    """Moves the money once and answers what Stripe made, at first or now.

    Raises StripeUnavailable while the outcome is unknown, and StripeRefused, the same again until `ask_anew`.
    """
    async with runtime.db.read() as session:
        known = await ProviderCalls(session).latest(call.purpose, call.subject_id)
    if known is not None and known.answer is not None and not known.superseded:
        return call.answers(**known.answer)
    if known is not None and known.must_be_looked_up(machine_now()):
        found = await look_up(runtime, call)
        if found is not None:
            return found
    async with runtime.db.transaction() as session:
        attempt = await _begin(session, call)
    if attempt.outcome is CallOutcome.REFUSED:
        raise StripeRefused(attempt.detail, reason=attempt.reason or "")
    if attempt.answer is not None:
        return call.answers(**attempt.answer)
    return await _send(runtime, call, attempt)


async def look_up(runtime: PaymentsRuntime, call: Call[T]) -> T | None:
    """What was moved so far, None if nothing; where it was unknown, Stripe's lists are asked, and that is recorded.

    Raises StripeUnavailable while a request may still be about to take effect.
    """
    async with runtime.db.read() as session:
        known = await ProviderCalls(session).latest(call.purpose, call.subject_id)
    if known is None or known.outcome is CallOutcome.REFUSED:
        return None
    if known.answer is not None:
        return call.answers(**known.answer)
    found = await call.find(since=known.first_sent_at)
    if found is None:
        await _not_made(runtime, known)
    else:
        await _done(runtime, call, known.attempt, asdict(found))
    return found


async def is_asked(session: Session, purpose: Purpose, subject_id: UUID) -> bool:
    """Whether money has moved or may move yet; certain only under the lock that the call's `ready` takes."""
    latest = await ProviderCalls(session).latest(purpose, subject_id)
    return latest is not None and not (latest.superseded and latest.outcome is CallOutcome.REFUSED)


async def may_have_moved(session: Session, purpose: Purpose, subject_id: UUID) -> bool:
    """Whether money has moved, or a request is under way that may move it; certain only under the lock of `ready`."""
    latest = await ProviderCalls(session).latest(purpose, subject_id)
    return latest is not None and latest.outcome is not CallOutcome.REFUSED


async def ask_anew(session: Session, purpose: Purpose, subject_id: UUID, made: str | None = None) -> None:
    """Lets the next call be a new attempt, after a refusal; with `made`, after that object of Stripe's has failed."""
    latest = await ProviderCalls(session).latest(purpose, subject_id, lock=True)
    if latest is None:
        return
    failed = made is not None and (latest.answer or {}).get("id") == made
    latest.superseded = latest.superseded or failed or latest.outcome is CallOutcome.REFUSED


async def learned(session: Session, purpose: Purpose, subject_id: UUID, answer: dict[str, Any]) -> None:
    """Keeps what was heard of a call whose own answer has not come: where the row is finished, nobody asks again."""
    latest = await ProviderCalls(session).latest(purpose, subject_id, lock=True)
    if latest is not None and latest.outcome is CallOutcome.UNKNOWN:
        latest.outcome, latest.answer, latest.in_flight = CallOutcome.DONE, answer, 0


async def _begin(session: Session, call: Call[Any]) -> ProviderCall:
    if call.ready is not None:
        await call.ready(session)
    calls, now = ProviderCalls(session), machine_now()
    latest = await calls.latest(call.purpose, call.subject_id, lock=True)
    if latest is None or latest.superseded:
        number = call.first if latest is None else max(latest.attempt + 1, call.first)
        key = key_of(KEYS[call.purpose], call.subject_id, number)
        await calls.add(call.purpose, call.subject_id, number, key, now)
        latest = await calls.latest(call.purpose, call.subject_id, lock=True)
    assert latest is not None, "added above, or by another process"
    if latest.must_be_looked_up(now):
        raise StripeUnavailable
    if latest.outcome is CallOutcome.UNKNOWN:
        latest.in_flight, latest.last_sent_at = latest.in_flight + 1, now
    return latest


async def _send(runtime: PaymentsRuntime, call: Call[T], sent: ProviderCall) -> T:
    number = sent.attempt
    try:
        answer = await _ask(call, sent)
    except StripeRefused as refused:
        if await _refused(runtime, call, number, refused):
            raise
        raise StripeUnavailable from refused
    except KeySpent as spent:
        await _spent(runtime, call, number, spent)
        raise
    await _done(runtime, call, number, asdict(answer))
    return answer


async def _ask(call: Call[T], sent: ProviderCall) -> T:
    try:
        return await call.send(sent.attempt)
    except StripeRefused as refused:
        if sent.in_flight == 1:
            raise
        # An earlier request under this key has no known end: that a repeat is refused says nothing about it.
        raise KeySpent(f"A repeat was refused: {refused.detail}", ended=True) from refused


async def _done(runtime: PaymentsRuntime, call: Call[Any], number: int, answer: dict[str, Any]) -> None:
    async with runtime.db.transaction() as session:
        row = await ProviderCalls(session).get(call.purpose, call.subject_id, number)
        if row.answer is None:
            row.outcome, row.answer, row.in_flight = CallOutcome.DONE, answer, 0


async def _refused(runtime: PaymentsRuntime, call: Call[Any], number: int, refused: StripeRefused) -> bool:
    """Whether the attempt is refused by that."""
    async with runtime.db.transaction() as session:
        row = await ProviderCalls(session).get(call.purpose, call.subject_id, number)
        if row.outcome is CallOutcome.DONE or row.in_flight > 1:
            # Another request under this key has taken effect, or still may.
            row.in_flight = max(row.in_flight - 1, 0)
            return False
        if row.outcome is CallOutcome.UNKNOWN:
            row.outcome, row.in_flight = CallOutcome.REFUSED, 0
            row.reason, row.detail = refused.reason, short(refused.detail)
    return True


async def _spent(runtime: PaymentsRuntime, call: Call[Any], number: int, spent: KeySpent) -> None:
    async with runtime.db.transaction() as session:
        row = await ProviderCalls(session).get(call.purpose, call.subject_id, number)
        row.key_spent, row.detail = True, short(spent.why)
        row.in_flight = max(row.in_flight - (1 if spent.ended else 0), 0)


async def _not_made(runtime: PaymentsRuntime, seen: ProviderCall) -> None:
    """Closes the attempt that Stripe's lists did not show, unless it may still take effect."""
    if seen.under_way(machine_now()):
        raise StripeUnavailable
    async with runtime.db.transaction() as session:
        row = await ProviderCalls(session).get(seen.purpose, seen.subject_id, seen.attempt)
        if row.outcome is not CallOutcome.UNKNOWN or row.last_sent_at != seen.last_sent_at:
            raise StripeUnavailable
        row.outcome, row.superseded, row.detail = CallOutcome.REFUSED, True, NOT_FOUND

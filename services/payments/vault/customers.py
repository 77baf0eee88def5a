"""The user's customer at Stripe: made once, when first needed, and deleted with the user."""

from collections.abc import Awaitable, Callable
from typing import TypeVar
from uuid import UUID

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import KeySpent, StripeRefused, StripeUnavailable
from services.payments.vault.models import Customer
from services.payments.vault.repository import Customers

T = TypeVar("T")


async def customer_of(runtime: PaymentsRuntime, user_id: UUID) -> str:
    """Stripe's id of the user's customer. Raises StripeUnavailable, and NotFound for somebody who is erased."""
    async with runtime.db.read() as session:
        customer = await Customers(session).find(user_id)
    if customer is None:
        async with runtime.db.transaction() as session:
            customer = await Customers(session).ensure(user_id)
    return await stripe_id_of(runtime, customer)


async def stripe_id_of(runtime: PaymentsRuntime, customer: Customer) -> str:
    """The same where the row is there: all who ask at once send one key, and Stripe makes one customer."""
    if customer.stripe_customer_id is not None:
        return customer.stripe_customer_id
    try:
        made = await runtime.stripe.create_customer(customer.user_id, customer.attempt)
    except KeySpent:
        made = await _again(runtime, customer)
    except StripeUnavailable:
        return await _made_by_another(runtime, customer.user_id)
    async with runtime.db.autocommit() as session:
        return await Customers(session).note(customer.user_id, made)


async def with_customer(runtime: PaymentsRuntime, user_id: UUID, act: Callable[[str], Awaitable[T]]) -> T:
    """What comes of the act with the user's customer; with another one, where somebody has deleted that at Stripe."""
    customer_id = await customer_of(runtime, user_id)
    try:
        return await act(customer_id)
    except StripeRefused as refused:
        if refused.param != "customer":
            raise
        await sync_customer(runtime, customer_id)
        return await act(await customer_of(runtime, user_id))


async def sync_customer(runtime: PaymentsRuntime, stripe_customer_id: str) -> None:
    """A hint came that somebody deleted this customer at Stripe."""
    if not await runtime.stripe.has_customer(stripe_customer_id):
        async with runtime.db.transaction() as session:
            await Customers(session).lose(stripe_customer_id)


async def _again(runtime: PaymentsRuntime, customer: Customer) -> str:
    """A key that met a server error is not sent again; a customer too many has no card, and nobody uses it."""
    async with runtime.db.transaction() as session:
        attempt = await Customers(session).spend_key(customer.user_id, customer.attempt)
    return await runtime.stripe.create_customer(customer.user_id, attempt)


async def _made_by_another(runtime: PaymentsRuntime, user_id: UUID) -> str:
    """Stripe refuses a key while another request with it is under way: that one may be done by now."""
    async with runtime.db.read() as session:
        customer = await Customers(session).find(user_id)
    if customer is None or customer.stripe_customer_id is None:
        raise StripeUnavailable
    return customer.stripe_customer_id


async def settle(runtime: PaymentsRuntime, customer: Customer) -> bool:
    """Finds the id that was lost; of a user who is erased it deletes Stripe's customer, and then the row."""
    stripe_customer_id = await stripe_id_of(runtime, customer)
    if customer.leaving:
        await runtime.stripe.delete_customer(stripe_customer_id)
        async with runtime.db.autocommit() as session:
            await Customers(session).remove(customer.user_id)
    return True

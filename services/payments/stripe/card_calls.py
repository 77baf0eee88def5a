"""The calls about customers and their cards."""

from typing import Any
from uuid import UUID

from services.payments.stripe.connection import StripeConnection
from services.payments.stripe.domain import StripeCard, card_of
from services.payments.stripe.errors import BadPaymentMethod, StripeRefused
from services.payments.stripe.requests import CardDeclined, answer, with_key
from services.payments.stripe.setups import StripeSetup, setup_of

MISSING = "resource_missing"
SETUP_UNEXPECTED_STATE = "setup_intent_unexpected_state"
SHOWN = ["payment_method"]


class CardCalls(StripeConnection):
    """What saves cards, shows them, and lets go of them."""

    async def create_customer(self, user_id: UUID, number: int) -> str:
        """The user's customer, which carries nothing but our id of them; the same `number` again is the same one."""
        params = {"metadata": {"user_id": str(user_id)}}
        options = with_key("customer", user_id, number)
        return str((await answer(self._v1.customers.create_async(params, options)))["id"])

    async def has_customer(self, customer_id: str) -> bool:
        """Whether Stripe still has the customer; of a deleted one it has nothing but the id."""
        try:
            return not (await answer(self._v1.customers.retrieve_async(customer_id))).get("deleted")
        except StripeRefused as refused:
            if refused.reason != MISSING:
                raise
            return False

    async def delete_customer(self, customer_id: str) -> None:
        """Deletes the customer with all cards; one that is gone already is well."""
        try:
            await answer(self._v1.customers.delete_async(customer_id))
        except StripeRefused as refused:
            if refused.reason != MISSING:
                raise

    async def create_setup(
        self, setup_id: UUID, customer_id: str, payment_method: str | None, *, again: UUID | None = None
    ) -> StripeSetup:
        """The setup of a card for charges without its owner, tried at once where there is a payment method.

        A declined card is an answer (`failure`). The same id again gets the same setup, with `again` another one.
        """
        params: dict[str, Any] = {
            "customer": customer_id,
            "usage": "off_session",
            "payment_method_types": ["card"],
            "metadata": {"setup_id": str(setup_id)},
            "expand": SHOWN,
        }
        if payment_method is not None:
            params |= {"payment_method": payment_method, "confirm": True, "return_url": self._return_url}
        try:
            options = with_key("setup", setup_id, again)
            return setup_of(await answer(self._v1.setup_intents.create_async(params, options)))
        except CardDeclined as declined:
            if declined.setup is None:
                raise
            return setup_of(declined.setup)
        except StripeRefused as refused:
            if payment_method is None or not about_method(refused):
                raise
            raise BadPaymentMethod(refused.detail, field="payment_method") from refused

    async def retrieve_setup(self, stripe_setup_id: str) -> StripeSetup:
        """The setup as it is now, with its card."""
        return setup_of(await answer(self._v1.setup_intents.retrieve_async(stripe_setup_id, {"expand": SHOWN})))

    async def cancel_setup(self, stripe_setup_id: str, setup_id: UUID, *, again: UUID | None = None) -> StripeSetup:
        """Ends a setup that nobody went on with, or answers in which state it is that cannot be ended."""
        try:
            params, options = {"cancellation_reason": "abandoned"}, with_key("cancel_setup", setup_id, again)
            return setup_of(await answer(self._v1.setup_intents.cancel_async(stripe_setup_id, params, options)))
        except StripeRefused as refused:
            if refused.reason != SETUP_UNEXPECTED_STATE:
                raise
            return await self.retrieve_setup(stripe_setup_id)

    async def attach_card(
        self, payment_method: str, customer_id: str, key: UUID, *, again: UUID | None = None
    ) -> StripeCard:
        """Saves the card to the customer, without a charge; one that the customer has already is well.

        Raises CardDeclined, and BadPaymentMethod for what is no card, or cannot be saved.
        """
        try:
            params, options = {"customer": customer_id}, with_key("attach", key, again)
            card = card_of(await answer(self._v1.payment_methods.attach_async(payment_method, params, options)))
        except CardDeclined:
            raise
        except StripeRefused as refused:
            card = await self.retrieve_card(payment_method)
            if card is None or card.customer_id != customer_id:
                raise BadPaymentMethod(refused.detail, field="payment_method") from refused
        if card is None:
            raise BadPaymentMethod(field="payment_method")
        return card

    async def retrieve_card(self, payment_method: str) -> StripeCard | None:
        """The card as it is now; None where Stripe has none of that id."""
        try:
            return card_of(await answer(self._v1.payment_methods.retrieve_async(payment_method)))
        except StripeRefused as refused:
            if refused.reason != MISSING:
                raise
            return None

    async def detach_card(self, payment_method: str, *, again: UUID | None = None) -> None:
        """Takes the card off its customer; one that is on none is well, and so is one that Stripe does not know."""
        try:
            options = with_key("detach", payment_method, again)
            await answer(self._v1.payment_methods.detach_async(payment_method, {}, options))
        except StripeRefused:
            card = await self.retrieve_card(payment_method)
            if card is not None and card.customer_id is not None:
                raise


def about_method(refused: StripeRefused) -> bool:
    """Whether it is the payment method that is no good; of one that was used before Stripe names no parameter."""
    return refused.param == "" or refused.param.startswith("payment_method")

"""What happens at Stripe without a call of ours: banks, payers, Stripe's own staff, and time."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool
from sqlalchemy import text

from estuary.sandbox.stripe import accounts, cards, disputes, keys, methods, payouts, refunds
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError, missing_resource
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work
from shared.database.statements import CompiledStatement
from shared.web.http import Body

Id = Annotated[str, Field(pattern=r"^[a-z]+_\w{1,200}$")]
Amount = Annotated[int, Field(strict=True, gt=0, lt=10**12)]
Name = Annotated[str, Field(pattern=r"^[\w.]{1,200}$")]


class RefundFailed(Body):
    """The card's bank sends a refund back."""

    what: Literal["refund_failed"]
    id: Id

    async def happen(self, work: Work) -> Object:
        """The refund."""
        refund = await work.get("refund", self.id)
        charge = await work.get("charge", refund["charge"], lock=True)
        refund = await work.get("refund", self.id, lock=True)
        refunds.fail(work, refund, charge)
        return refund


class RefundOutside(Body):
    """Somebody refunds a payment or charge in Stripe's dashboard; without an amount, what is left."""

    what: Literal["refund_outside"]
    id: Id
    amount: Amount | None = None

    async def happen(self, work: Work) -> Object:
        """The refund."""
        named = {"charge" if self.id.startswith("ch_") else "payment_intent": self.id}
        amount = {} if self.amount is None else {"amount": str(self.amount)}
        return await refunds.create(work, Call(Params(named | amount)))


class PayoutFailed(Body):
    """The bank sends a payout back, also one that was paid."""

    what: Literal["payout_failed"]
    id: Id
    failure_code: Literal[*payouts.FAILURES] = "account_closed"  # type: ignore[valid-type]  # the values are one tuple, used elsewhere too

    async def happen(self, work: Work) -> Object:
        """The payout."""
        account = await _owner(work, "payout", self.id)
        payout = await work.get("payout", self.id, account, lock=True)
        payouts.fail(work, payout, account, self.failure_code)
        return payout


class DisputeOpened(Body):
    """A payer's bank asks back a charge or payment, wholly or in part; an inquiry only asks."""

    what: Literal["dispute_opened"]
    id: Id
    amount: Amount | None = None
    inquiry: StrictBool = False

    async def happen(self, work: Work) -> Object:
        """The dispute."""
        charge = await _charge(work, self.id)
        return disputes.open_dispute(work, charge, "general", inquiry=self.inquiry, amount=self.amount)


class DisputeClosed(Body):
    """The payer's bank has decided."""

    what: Literal["dispute_closed"]
    id: Id
    status: Literal["won", "lost"]

    async def happen(self, work: Work) -> Object:
        """The dispute."""
        dispute = await work.get("dispute", self.id, lock=True)
        await disputes.end(work, dispute, won=self.status == "won")
        return dispute


class FraudWarning(Body):
    """The payer's bank calls a charge or payment fraudulent; nothing moves yet."""

    what: Literal["fraud_warning"]
    id: Id

    async def happen(self, work: Work) -> Object:
        """The warning."""
        charge = await _charge(work, self.id)
        fields = {name: charge["id"] if name == "charge" else charge[name] for name in ("charge", "payment_intent")}
        fields |= {"actionable": not (charge["refunded"] or charge["disputed"]), "fraud_type": "misc"}
        warning = work.add("radar.early_fraud_warning", fields, prefix="early_fraud_warning")
        work.emit("radar.early_fraud_warning.created", warning)
        return warning


class AccountChanged(Body):
    """Stripe allows a connected account more or less; a `disabled_reason` stops its charges and payouts."""

    what: Literal["account"]
    id: Id
    capabilities: dict[Name, Literal["active", "inactive", "pending"]] = Field(default_factory=dict)
    currently_due: list[Name] | None = None
    disabled_reason: Name | None = None

    async def happen(self, work: Work) -> Object:
        """The account."""
        account = await work.get("account", self.id, lock=True)
        if self.currently_due is not None:
            account["requirements"] |= {"currently_due": self.currently_due, "eventually_due": self.currently_due}
        if "disabled_reason" in self.model_fields_set:
            accounts.disable(account, self.disabled_reason)
        accounts.allow(work, account, dict(self.capabilities))
        work.emit("account.updated", work.save(account), account["id"])
        return account


class CardChanged(Body):
    """A stored card's bank gives it a new date or number, or it behaves in another way from now on.

    `becomes` names another test payment method, `declined` Stripe's decline code of every later payment.
    """

    what: Literal["card"]
    id: Id
    exp_month: Annotated[int, Field(strict=True, ge=1, le=12)] | None = None
    exp_year: Annotated[int, Field(strict=True, ge=1970, le=2100)] | None = None
    last4: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None
    becomes: Name | None = None
    declined: Name | None = None
    advice_code: Literal["confirm_card_data", "do_not_try_again", "try_again_later"] | None = None

    async def happen(self, work: Work) -> Object:
        """The payment method."""
        method = await work.get("payment_method", self.id, lock=True)
        if self.becomes is not None:
            if cards.find(self.becomes) is None:
                raise missing_resource("PaymentMethod", self.becomes, "becomes", 400)
            method |= {"_token": self.becomes, "_declines": None}
        if self.declined is not None:
            method["_declines"] = ("card_declined", self.declined, cards.DECLINED, self.advice_code)
        new = self.model_dump(include={"exp_month", "exp_year", "last4"}, exclude_none=True)
        if new:
            _replace(method, new)
            work.emit("payment_method.automatically_updated", method)
        return work.save(method)


class KeysForgotten(Body):
    """A day passes for every idempotency key: none has an answer any more."""

    what: Literal["forget_keys"]

    async def happen(self, work: Work) -> None:
        """Nothing to see."""
        await work.session.execute(keys.FORGET_ALL)


Happening = Annotated[
    RefundFailed
    | RefundOutside
    | PayoutFailed
    | DisputeOpened
    | DisputeClosed
    | FraudWarning
    | AccountChanged
    | CardChanged
    | KeysForgotten,
    Field(discriminator="what"),
]


def _replace(method: Object, new: Object) -> None:
    if method["type"] != "card":
        raise StripeError("A bank account is not replaced as cards are.", param="id")
    method["card"] |= new
    method["card"]["fingerprint"] = methods.fingerprint(method["card"])


async def _charge(work: Work, identifier: str) -> Object:
    """The paid charge of that id, or of the payment intent of that id."""
    if identifier.startswith("pi_"):
        intent = await work.get("payment_intent", identifier)
        if intent["status"] != "succeeded":
            raise StripeError(f"{identifier} has no successful charge.")
        identifier = intent["latest_charge"]
    charge = await work.get("charge", identifier, lock=True)
    if not charge["captured"]:
        raise StripeError(f"{identifier} is not paid.")
    return charge


async def _owner(work: Work, kind: str, identifier: str) -> str:
    found = await work.session.first(OWNER, {"id": identifier, "kind": kind})
    if found is None:
        raise missing_resource(kind, identifier)
    return str(found.account)


OWNER = CompiledStatement(text("select account from objects where id = :id and kind = :kind"))

"""Charges: one for each attempt to take the money, made by the intent."""

from estuary.sandbox.stripe import lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.cards import Decline
from estuary.sandbox.stripe.methods import details
from estuary.sandbox.stripe.work import Object, Work


def make(work: Work, intent: Object, method: Object, decline: Decline | None = None) -> Object:
    """The charge of one attempt, declined or authorised."""
    charge = work.add("charge", _fields(intent, method), prefix="charge")
    if decline is None:
        charge |= {"paid": True, "status": "succeeded"}
    else:
        charge |= _failed(decline)
        work.emit("charge.failed", charge)
    return charge


def _fields(intent: Object, method: Object) -> Object:
    return {
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "balance_transaction": None,
        "billing_details": method["billing_details"],
        "captured": False,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "metadata": intent["metadata"],
        "outcome": {"network_status": "approved_by_network", "reason": None, "risk_level": "normal",
                    "seller_message": "Payment complete.", "type": "authorized"},
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": details(method),
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "source_transfer": None,
        "status": "failed",
        "transfer_data": None,
        "transfer_group": intent["transfer_group"],
        "_token": method["_token"],
    }  # fmt: skip


def _failed(decline: Decline) -> Object:
    outcome = {"network_status": "declined_by_network", "reason": decline.decline_code or decline.code,
               "risk_level": "normal", "seller_message": decline.message, "type": "issuer_declined"}  # fmt: skip
    return {"failure_code": decline.code, "failure_message": decline.message, "outcome": outcome}


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/charges/{id}."""
    return await work.get("charge", call.id, call.account)


async def list_charges(work: Work, call: Call) -> Object:
    """GET /v1/charges."""
    return await lists.page(work, call, "charge", ("payment_intent", "transfer_group"))

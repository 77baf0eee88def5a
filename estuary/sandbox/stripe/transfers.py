"""Transfers: from the platform's balance to a connected account's, and back by reversals."""

from estuary.sandbox.stripe import balance, lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.params import demand_multiple
from estuary.sandbox.stripe.work import PLATFORM, Object, Work
from shared.records.currencies import step


async def create(work: Work, call: Call) -> Object:
    """POST /v1/transfers."""
    params = call.params
    amount, currency, metadata = params.needed_amount(), params.currency(), params.metadata()
    demand_multiple(amount, step(currency.upper()), currency)
    account = await work.get("account", params.needed("destination"), param="destination")
    if account["capabilities"].get("transfers") != "active":
        message = "Your destination account needs to have at least one of the following capabilities enabled: transfers"
        raise StripeError(message, code="insufficient_capabilities_for_transfer", param="destination")
    source = params.text("source_transaction")
    if source is None:
        await balance.demand(work, PLATFORM, amount, currency)
    available_on = None if source is None else await _check_source(work, source, amount)
    fields = _fields(amount, currency, account["id"], source)
    named = {name: params.text(name) for name in ("description", "transfer_group")}
    transfer = work.add("transfer", fields | named | {"metadata": metadata})
    transfer["reversals"]["url"] = f"/v1/transfers/{transfer['id']}/reversals"
    transfer["balance_transaction"] = balance.post(work, transfer, "transfer", -amount, available_on=available_on)["id"]
    transfer["destination_payment"] = _arrive(work, transfer, account["id"], available_on)
    work.emit("transfer.created", transfer)
    return transfer


async def _check_source(work: Work, source: str, amount: int) -> int:
    """When the charge's money, and so the transfer's, is available; refused beyond its amount."""
    charge = await work.get("charge", source, lock=True, param="source_transaction")
    moved = charge.get("_transferred", 0) + amount
    if moved > charge["amount_captured"]:
        raise StripeError("The transfers of this charge would exceed its amount.", code="balance_insufficient")
    work.save(charge | {"_transferred": moved})
    entry = await work.get("balance_transaction", charge["balance_transaction"])
    return max(int(entry["available_on"]), work.now)


def _fields(amount: int, currency: str, destination: str, source: str | None) -> Object:
    return {
        "amount": amount,
        "amount_reversed": 0,
        "balance_transaction": None,
        "currency": currency,
        "destination": destination,
        "destination_payment": None,
        "reversals": lists.of([], ""),
        "reversed": False,
        "source_transaction": source,
        "source_type": "card",
    }


def _arrive(work: Work, transfer: Object, account: str, available_on: int | None) -> str:
    fields = {name: transfer[name] for name in ("amount", "currency")} | {
        "amount_captured": transfer["amount"],
        "amount_refunded": 0,
        "billing_details": dict.fromkeys(("address", "email", "name", "phone", "tax_id")),
        "captured": True,
        "disputed": False,
        "metadata": {},
        "paid": True,
        "payment_intent": None,
        "refunded": False,
        "source_transfer": transfer["id"],
        "status": "succeeded",
    }
    payment = work.add("charge", fields, account, prefix="payment")
    entry = balance.post(work, payment, "payment", transfer["amount"], account=account, available_on=available_on)
    payment["balance_transaction"] = entry["id"]
    return str(payment["id"])


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/transfers/{id}."""
    return await work.get("transfer", call.id)


async def update(work: Work, call: Call) -> Object:
    """POST /v1/transfers/{id}: description and metadata."""
    transfer = await work.get("transfer", call.id, lock=True)
    transfer["metadata"] = call.params.metadata(transfer["metadata"])
    if "description" in call.params:
        transfer["description"] = call.params.text("description")
    return work.save(transfer)


async def list_transfers(work: Work, call: Call) -> Object:
    """GET /v1/transfers."""
    return await lists.page(work, call, "transfer", ("destination", "transfer_group"))


async def reverse(work: Work, call: Call) -> Object:
    """POST /v1/transfers/{id}/reversals: takes back what is still in the connected account's balance."""
    wanted, metadata = call.params.amount(), call.params.metadata()
    transfer = await work.get("transfer", call.id, lock=True)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = left if wanted is None else wanted
    if left == 0 or amount > left:
        message = f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({left})."
        raise StripeError(message, param="amount")
    await balance.demand(work, transfer["destination"], amount, transfer["currency"])
    fields = {"amount": amount, "currency": transfer["currency"], "metadata": metadata, "transfer": transfer["id"]}
    reversal = work.add("transfer_reversal", fields)
    reversal["balance_transaction"] = balance.post(work, reversal, "transfer_refund", amount)["id"]
    balance.post(work, reversal, "payment_refund", -amount, account=transfer["destination"])
    _note(transfer, reversal)
    work.emit("transfer.reversed", work.save(transfer))
    return reversal


def _note(transfer: Object, reversal: Object) -> None:
    transfer["amount_reversed"] += reversal["amount"]
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, dict(reversal))


async def list_reversals(work: Work, call: Call) -> Object:
    """GET /v1/transfers/{id}/reversals."""
    transfer = await work.get("transfer", call.id)
    return lists.of(transfer["reversals"]["data"], call.path)


async def retrieve_reversal(work: Work, call: Call) -> Object:
    """GET /v1/transfers/{id}/reversals/{id}."""
    return await work.get("transfer_reversal", call.sub_id)

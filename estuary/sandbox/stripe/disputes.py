"""Disputes: what payers' banks ask back of a successful charge, as test cards or staff have them do."""

from estuary.sandbox.stripe import balance, lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.work import Object, Work

FEE = 1500
OPEN = {"needs_response": ("won", "lost"), "warning_needs_response": ("warning_closed", "warning_closed")}


def open_dispute(work: Work, charge: Object, reason: str, *, inquiry: bool, amount: int | None = None) -> Object:
    """The payer's bank asks back: a chargeback takes the money and a fee at once, an inquiry takes nothing.

    Without an amount it is about the whole charge. A charge is charged back once.
    """
    amount = charge["amount"] if amount is None else amount
    if charge["disputed"]:
        raise StripeError(f"Charge {charge['id']} has already been charged back.", code="charge_disputed")
    if amount > charge["amount"]:
        raise StripeError(f"The charge is of {charge['amount']}.", code="amount_too_large", param="amount")
    dispute = work.add("dispute", _fields(charge, reason, amount, inquiry=inquiry))
    if not inquiry:
        dispute["balance_transactions"] = [balance.post(work, dispute, "adjustment", -amount, fee=FEE)]
        charge |= {"disputed": True, "_dispute_won": False}
        work.save(charge)
    work.emit("charge.dispute.created", dispute)
    if not inquiry:
        work.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def _fields(charge: Object, reason: str, amount: int, *, inquiry: bool) -> Object:
    paid_by = charge["payment_method_details"].get("card", {})
    card = {name: paid_by.get(name, "unknown") for name in ("brand", "network")}
    card |= {"case_type": "inquiry" if inquiry else "chargeback", "network_reason_code": None}
    return {
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": None,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": inquiry,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": card, "type": "card"},
        "reason": reason,
        "status": "warning_needs_response" if inquiry else "needs_response",
    }


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/disputes/{id}."""
    return await work.get("dispute", call.id)


async def list_disputes(work: Work, call: Call) -> Object:
    """GET /v1/disputes."""
    return await lists.page(work, call, "dispute", ("payment_intent", "charge"))


async def update(work: Work, call: Call) -> Object:
    """POST /v1/disputes/{id}: evidence; `winning_evidence` or `losing_evidence` as its text decides, as documented."""
    dispute = await work.get("dispute", call.id, lock=True)
    dispute["metadata"] = call.params.metadata(dispute["metadata"])
    evidence = call.params.tree("evidence")
    dispute["evidence"] = {**dispute["evidence"], **evidence}
    work.emit("charge.dispute.updated", work.save(dispute))
    said = evidence.get("uncategorized_text")
    if said in ("winning_evidence", "losing_evidence"):
        await end(work, dispute, won=said == "winning_evidence")
    return dispute


async def close(work: Work, call: Call) -> Object:
    """POST /v1/disputes/{id}/close: accepts it as lost."""
    dispute = await work.get("dispute", call.id, lock=True)
    await end(work, dispute, won=False)
    return dispute


async def end(work: Work, dispute: Object, *, won: bool) -> None:
    """The bank decides for the merchant or the payer; an inquiry just ends. Refused when it is closed."""
    if dispute["status"] not in OPEN:
        raise StripeError("This dispute is already closed.", param="status")
    inquiry = dispute["status"] == "warning_needs_response"
    dispute["status"] = OPEN[dispute["status"]][0 if won else 1]
    if won and not inquiry:
        entry = balance.post(work, dispute, "adjustment", dispute["amount"], fee=-FEE)
        dispute["balance_transactions"] = [*dispute["balance_transactions"], entry]
        work.emit("charge.dispute.funds_reinstated", dispute)
        charge = await work.get("charge", dispute["charge"], lock=True)
        work.save(charge | {"_dispute_won": True})
    work.emit("charge.dispute.closed", work.save(dispute))

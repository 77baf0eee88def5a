"""Ids as Stripe writes them: a prefix that tells the kind, then what cannot be guessed."""

import os

PREFIXES = {
    "account": "acct_",
    "balance_transaction": "txn_",
    "bank_account": "ba_",
    "charge": "ch_",
    "customer": "cus_",
    "dispute": "dp_",
    "early_fraud_warning": "issfr_",
    "event": "evt_",
    "payment": "py_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "payout": "po_",
    "refund": "re_",
    "request": "req_",
    "setup_attempt": "setatt_",
    "setup_intent": "seti_",
    "transfer": "tr_",
    "transfer_reversal": "trr_",
}


def new_id(kind: str) -> str:
    """A new id for an object of that kind."""
    return PREFIXES[kind] + os.urandom(12).hex()


def kind_of(identifier: str) -> str | None:
    """The kind of object that an id names, or None; a `payment` is stored as the charge that it is."""
    prefix = identifier.partition("_")[0] + "_"
    kind = next((kind for kind, known in PREFIXES.items() if known == prefix), None)
    return "charge" if kind == "payment" else kind


def secret() -> str:
    """The part of a client secret or link that nobody can guess."""
    return os.urandom(16).hex()

"""Connected accounts and the links on which their owners complete onboarding."""

from typing import Any

from estuary.sandbox.stripe import lists
from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError, missing_param
from estuary.sandbox.stripe.ids import new_id, secret
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.work import Object, Work

LINK_SECONDS = 300
DUE = ["business_type", "external_account", "tos_acceptance.date", "tos_acceptance.ip"]
INTERVALS = frozenset({"manual", "daily", "weekly", "monthly"})
# Stripe's test tokens for bank accounts, and how payouts to them fail.
BANK_TOKENS = {
    "btok_us_verified": None,
    "btok_us_verified_noAccount": "no_account",
    "btok_us_verified_accountClosed": "account_closed",
    "btok_us_verified_insufficientFunds": "insufficient_funds",
    "btok_us_verified_debitNotAuthorized": "debit_not_authorized",
    "btok_us_verified_invalidCurrency": "invalid_currency",
}
BANK_NUMBERS = {
    "000123456789": None,
    "000111111116": "no_account",
    "000111111113": "account_closed",
    "000222222227": "insufficient_funds",
    "000333333335": "debit_not_authorized",
    "000444444440": "invalid_currency",
}


async def create(work: Work, call: Call) -> Object:
    """POST /v1/accounts: an account that has yet to be onboarded."""
    account = work.add("account", _fields(work, call.params))
    _change(account, call.params)
    return account


def _fields(work: Work, params: Params) -> Object:
    return {
        "business_profile": {
            "mcc": None,
            "name": None,
            "product_description": None,
            "support_email": None,
            "url": None,
        },
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {"type": "application", "is_controller": True, "requirement_collection": "stripe"},
        "country": params.text("country") or "US",
        "default_currency": (params.text("default_currency") or work.settings.currency).lower(),
        "details_submitted": False,
        "email": None,
        "external_accounts": lists.of([], "/v1/accounts/external_accounts"),
        "future_requirements": _requirements([]),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": _requirements(DUE),
        "settings": {
            "branding": {"icon": None, "logo": None, "primary_color": None, "secondary_color": None},
            "card_payments": {"statement_descriptor_prefix": None},
            "dashboard": {"display_name": None, "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": None},
            "payouts": {
                "debit_negative_balances": False,
                "schedule": {"delay_days": 2, "interval": "daily"},
                "statement_descriptor": None,
            },
        },
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": params.choice("type", {"express", "custom", "standard"}) or "express",
    }


def _requirements(due: list[str]) -> dict[str, Any]:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": "requirements.past_due" if due else None,
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }


def _change(account: Object, params: Params) -> None:
    for name in ("email", "business_type"):
        if name in params:
            account[name] = params.text(name)
    for name, wanted in params.tree("capabilities").items():
        if not isinstance(wanted, dict) or wanted.get("requested") not in ("true", "false"):
            raise StripeError(f"Invalid capability: {name}", param=f"capabilities[{name}]")
        state = "active" if account["details_submitted"] else "inactive"
        account["capabilities"][name] = state if wanted["requested"] == "true" else "inactive"
    account["business_profile"] = _merged(account["business_profile"], params.tree("business_profile"))
    _schedule(account, Params(Params(Params(params.tree("settings")).tree("payouts")).tree("schedule")))
    account["metadata"] = params.metadata(account["metadata"])
    if "external_account" in params:
        account["external_accounts"]["data"] = [_bank(account, params)]


def _schedule(account: Object, wanted: Params) -> None:
    interval = wanted.choice("interval", INTERVALS)
    if interval is None:
        return
    schedule: dict[str, Any] = {"delay_days": wanted.integer("delay_days") or 2, "interval": interval}
    if "weekly_anchor" in wanted:
        schedule["weekly_anchor"] = wanted.text("weekly_anchor")
    if "monthly_anchor" in wanted:
        schedule["monthly_anchor"] = wanted.integer("monthly_anchor")
    account["settings"]["payouts"]["schedule"] = schedule


def _merged(before: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    inner = {name: _merged(before.get(name) or {}, value) if isinstance(value, dict) else value or None
             for name, value in given.items()}  # fmt: skip
    return {**before, **inner}


def _bank(account: Object, params: Params) -> Object:
    given = params.values["external_account"]
    known, name = (BANK_TOKENS, given) if isinstance(given, str) else (BANK_NUMBERS, given.get("account_number"))
    if name not in known:
        raise StripeError("Only Stripe's test bank accounts work here.", param="external_account")
    last4 = "6789" if isinstance(given, str) else str(name)[-4:]
    return _bank_account(account, last4) | {"_fails": known[name]}


def _bank_account(account: Object, last4: str = "6789") -> Object:
    return {
        "id": new_id("bank_account"),
        "object": "bank_account",
        "account": account["id"],
        "bank_name": "STRIPE TEST BANK",
        "country": account["country"],
        "currency": account["default_currency"],
        "default_for_currency": True,
        "last4": last4,
        "routing_number": "110000000",
        "status": "new",
    }


def bank_of(account: Object) -> Object | None:
    """The bank account that payouts go to, or None before onboarding."""
    known: list[Object] = account["external_accounts"]["data"]
    return known[0] if known else None


async def retrieve(work: Work, call: Call) -> Object:
    """GET /v1/accounts/{id}."""
    return await work.get("account", call.id)


async def retrieve_own(work: Work, call: Call) -> Object:
    """GET /v1/account: the account that the request acts for."""
    if call.account:
        return await work.get("account", call.account)
    own = {"id": "acct_estuary", "object": "account", "created": 0, "type": "standard", "charges_enabled": True}
    return own | {"payouts_enabled": True, "details_submitted": True, "country": "US", "email": None}


async def list_accounts(work: Work, call: Call) -> Object:
    """GET /v1/accounts."""
    return await lists.page(work, call, "account")


async def update(work: Work, call: Call) -> Object:
    """POST /v1/accounts/{id}."""
    account = await work.get("account", call.id, lock=True)
    _change(account, call.params)
    work.emit("account.updated", account, account["id"])
    return work.save(account)


async def create_link(work: Work, call: Call) -> Object:
    """POST /v1/account_links: a page under /sandbox/stripe/ that completes onboarding when it is opened."""
    if call.params.choice("type", {"account_onboarding", "account_update"}) is None:
        raise missing_param("type")
    refresh, back = call.params.url("refresh_url"), call.params.url("return_url")
    if not refresh or not back:
        raise missing_param("return_url" if refresh else "refresh_url")
    account = await work.get("account", call.params.needed("account"), lock=True, param="account")
    token = account.setdefault("_link", secret())
    work.save(account | {"_return_url": back})
    url = f"{work.settings.public}/sandbox/stripe/onboarding/{account['id']}/{token}/"
    return {"object": "account_link", "created": work.now, "expires_at": work.now + LINK_SECONDS, "url": url}


def complete(work: Work, account: Object) -> None:
    """The owner has given everything: capabilities are active, payouts are enabled."""
    if account["details_submitted"]:
        return
    if bank_of(account) is None:
        account["external_accounts"]["data"] = [_bank_account(account) | {"_fails": None}]
    account |= {
        "capabilities": dict.fromkeys(account["capabilities"] or ("card_payments", "transfers"), "active"),
        "charges_enabled": True,
        "details_submitted": True,
        "payouts_enabled": True,
        "requirements": _requirements([]),
        "tos_acceptance": {"date": work.now, "ip": "127.0.0.1", "user_agent": None},
    }
    work.emit("account.updated", work.save(account), account["id"])


def disable(account: Object, reason: str | None) -> None:
    """Stops the account's charges and payouts for that reason; None lets an onboarded one go on."""
    account["requirements"]["disabled_reason"] = reason
    account["charges_enabled"] = account["payouts_enabled"] = reason is None and account["details_submitted"]


def allow(work: Work, account: Object, capabilities: dict[str, str]) -> None:
    """Gives the account's capabilities other states; each change is an event of its own."""
    for name, state in capabilities.items():
        if account["capabilities"].get(name) == state:
            continue
        account["capabilities"][name] = state
        capability = {"id": name, "object": "capability", "account": account["id"], "requested": True, "status": state}
        work.emit("capability.updated", capability, account["id"])

"""The pages that Stripe would host: onboarding of a connected account, and 3D Secure. Opening one completes it."""

from collections.abc import Callable
from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from estuary.sandbox.pages import link, page, paragraph
from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe import accounts, attempts, setups
from estuary.sandbox.stripe.faults import Webhooks
from estuary.sandbox.stripe.ids import kind_of
from estuary.sandbox.stripe.work import Object, Work
from shared.database.session import Database


class HostedPages:
    """Both pages; their links carry a secret, as Stripe's do."""

    def __init__(
        self, db: Database, settings: SandboxSettings, webhooks: Webhooks, written: Callable[[Work], None]
    ) -> None:
        """`written` is called after every commit, with what it wrote."""
        self.db, self.settings, self.webhooks, self.written = db, settings, webhooks, written

    async def onboarding(self, request: Request) -> Response:
        """GET /sandbox/stripe/onboarding/{account}/{token}/."""
        async with self.db.transaction() as session:
            work = Work(session, self.settings, self.webhooks)
            account = await work.find("account", request.path_params["account"], lock=True)
            if account is None or not _matches(request, account.get("_link")):
                return _unknown()
            accounts.complete(work, account)
            await work.write()
        self.written(work)
        said = paragraph(f"{account['id']} can take payments and receive payouts.")
        return page("Onboarding is complete", said + link(account.get("_return_url"), "Back to the marketplace"))

    async def authenticate(self, request: Request) -> Response:
        """GET /sandbox/stripe/authenticate/{intent}/{token}/; with `?result=fail` the payer is not recognised."""
        async with self.db.transaction() as session:
            work = Work(session, self.settings, self.webhooks)
            intent = await _intent(work, request.path_params["intent"])
            if intent is None or not _matches(request, intent["_authenticate"]):
                return _unknown()
            await _authenticate(work, intent, passed=request.query_params.get("result") != "fail")
            await work.write()
        self.written(work)
        said = paragraph(f"{intent['id']} is now: {intent['status'].replace('_', ' ')}.")
        return page("3D Secure", said + link(_back(intent), "Back to the marketplace"))


async def _intent(work: Work, identifier: str) -> Object | None:
    """The intent of a payment or a setup."""
    kind = kind_of(identifier) or ""
    return await work.find(kind, identifier, lock=True) if kind in AUTHENTICATED else None


async def _authenticate(work: Work, intent: Object, *, passed: bool) -> None:
    if intent["status"] == "requires_action":
        method = await work.get("payment_method", intent["payment_method"], lock=True)
        AUTHENTICATED[intent["object"]](work, intent, method, passed=passed)


def _matches(request: Request, secret: Any) -> bool:
    given: str = request.path_params["token"]
    return isinstance(secret, str) and compare_digest(given.encode(), secret.encode())


def _back(intent: Object) -> str | None:
    if intent["_return_url"] is None:
        return None
    status = "succeeded" if intent["status"] in ("succeeded", "processing") else "failed"
    kind = intent["object"]
    query = {kind: intent["id"], f"{kind}_client_secret": intent["client_secret"]}
    joint = "&" if "?" in intent["_return_url"] else "?"
    return f"{intent['_return_url']}{joint}{urlencode(query | {'redirect_status': status})}"


def _unknown() -> Response:
    return page("Not found", paragraph("This link is not valid."), 404)


AUTHENTICATED: dict[str, Callable[..., None]] = {
    "payment_intent": attempts.authenticated,
    "setup_intent": setups.authenticated,
}

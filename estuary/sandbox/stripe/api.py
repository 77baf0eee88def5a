"""The HTTP side of `/v1/...`: who asks, what for, and one transaction around the answer."""

import base64
import binascii
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from hmac import compare_digest

import orjson
from starlette.requests import Request
from starlette.responses import Response

from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe import forms, keys
from estuary.sandbox.stripe.call_faults import CallFaults, Dropped, Failure, error_of, name_of
from estuary.sandbox.stripe.calls import Answer, Call
from estuary.sandbox.stripe.errors import StripeError
from estuary.sandbox.stripe.expand import expand
from estuary.sandbox.stripe.faults import Webhooks
from estuary.sandbox.stripe.ids import new_id
from estuary.sandbox.stripe.keys import Key
from estuary.sandbox.stripe.params import Params
from estuary.sandbox.stripe.routes import FOR_BROWSERS, ROUTES, Handler, route_of
from estuary.sandbox.stripe.work import API_VERSION, Object, Origin, Raced, StoredAnswer, Work, wholly_visible
from shared.database.session import Database
from shared.observability.logs import logger

log = logger()


@dataclass(frozen=True, slots=True)
class RequestHeaders:
    """A request as far as it is the same for every call."""

    method: str
    path: str
    body: bytes
    call: Call
    handler: Handler
    name: str
    key: str | None
    request_id: str


class StripeApi:
    """Answers every call under /v1."""

    def __init__(
        self,
        db: Database,
        settings: SandboxSettings,
        webhooks: Webhooks,
        faults: CallFaults,
        written: Callable[[Work], None],
    ) -> None:
        """`written` is called after every commit, with what it wrote."""
        self.db, self.settings, self.webhooks, self.faults, self.written = db, settings, webhooks, faults, written

    async def __call__(self, request: Request) -> Response:
        """One call: Stripe's JSON, whatever happens."""
        request_id = new_id("request")
        headers = {"Request-Id": request_id, "Stripe-Version": request.headers.get("stripe-version", API_VERSION)}
        try:
            asked = await self._read(request, request_id)
            failure = await self.faults.take(asked.name)
            if failure not in (None, Failure.TIMEOUT_AFTER_EFFECT):
                await self._fail(asked, failure)
            status, body, replayed = await self._answer(asked)
            if failure is Failure.TIMEOUT_AFTER_EFFECT:
                return Dropped()
            if asked.key:
                headers["Idempotency-Key"] = asked.key
            if replayed:
                headers["Idempotent-Replayed"] = "true"
        except StripeError as error:
            status, body = error.status, orjson.dumps(error.body())
        except Exception as error:
            log.error("sandbox.stripe_failed", path=request.url.path, exc_info=error)
            trouble = StripeError("An unknown error occurred in the sandbox.", status=500, kind="api_error")
            status, body = trouble.status, orjson.dumps(trouble.body())
        return Response(body, status, headers | cors(request), media_type="application/json")

    async def _read(self, request: Request, request_id: str) -> RequestHeaders:
        path, method, body = request.path_params["path"].strip("/"), request.method, await request.body()
        encoded = body.decode("utf-8", "replace") if method == "POST" else request.url.query
        account, key = request.headers.get("stripe-account", ""), request.headers.get("idempotency-key", "")
        if "\0" in f"{path}{account}{key}" or "%00" in encoded:
            raise StripeError("The request has a NUL character.")
        params = Params(forms.parse(encoded))
        publishable = _authenticate(request, params, self.settings)
        name, identifier, sub_id = route_of(path)
        handler = ROUTES.get((method, name))
        if handler is None:
            raise StripeError(f"Unrecognized request URL ({method}: /v1/{path}).", status=404)
        if publishable and (method, name) not in FOR_BROWSERS:
            message = "This API call cannot be made with a publishable API key. Please use a secret API key."
            raise StripeError(message, status=403, code="secret_key_required")
        call = Call(params, f"/v1/{path}", identifier, sub_id, account, publishable)
        used = key if key and method == "POST" else None
        return RequestHeaders(method, path, body, call, handler, name_of(method, name), used, request_id)

    async def _fail(self, asked: RequestHeaders, failure: Failure) -> None:
        """Raises that failure. As at Stripe, a server error is the key's answer from then on; a refusal is not."""
        error, key = error_of(failure), _key_of(asked)
        if key is not None and failure is Failure.SERVER_ERROR:
            with suppress(Raced):
                async with self.db.transaction() as session:
                    if await keys.claim(session, key) is None:
                        work = Work(session, self.settings, self.webhooks)
                        await work.write(StoredAnswer(key, error.status, orjson.dumps(error.body())))
        raise error

    async def _answer(self, asked: RequestHeaders) -> tuple[int, bytes, bool]:
        key = _key_of(asked)
        try:
            async with AsyncExitStack() as stack:
                reads = asked.method == "GET"
                session = await stack.enter_async_context(self.db.read() if reads else self.db.transaction())
                stored = await keys.claim(session, key) if key else None
                if stored is not None:
                    return *stored, True
                work = Work(session, self.settings, self.webhooks, Origin(asked.request_id, asked.key))
                status, body = await _perform(work, asked)
                await work.write(StoredAnswer(key, status, body) if key else None)
        except Raced:
            raise keys.in_use(asked.key or "") from None
        self.written(work)
        return status, body, False


def _key_of(asked: RequestHeaders) -> Key | None:
    return Key.of(asked.call.account, asked.key, asked.method, asked.path, asked.body) if asked.key else None


async def _perform(work: Work, asked: RequestHeaders) -> tuple[int, bytes]:
    if asked.call.account and await work.find("account", asked.call.account) is None:
        message = f"The provided key does not have access to account '{asked.call.account}' (or it does not exist)."
        raise StripeError(message, status=403, code="account_invalid")
    result = await asked.handler(work, asked.call)
    if isinstance(result, Answer):
        return result.status, orjson.dumps(wholly_visible(result.body))
    shown: Object = wholly_visible(result)
    await expand(work, asked.call, shown)
    return 200, orjson.dumps(shown)


def _authenticate(request: Request, params: Params, settings: SandboxSettings) -> bool:
    """Whether the key is the publishable one; 401 for any other than the two keys."""
    given = _key(request) or params.text("key")
    if given is None:
        message = "You did not provide an API key. Send it in the Authorization header: 'Authorization: Bearer KEY'."
        raise StripeError(message, status=401)
    if compare_digest(given.encode(), settings.secret_key.encode()):
        return False
    if compare_digest(given.encode(), settings.publishable_key.encode()):
        return True
    raise StripeError(f"Invalid API Key provided: {given[:8]}****", status=401)


def _key(request: Request) -> str | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[0] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def cors(request: Request) -> dict[str, str]:
    """Browsers may call, as Stripe.js does; what they may do is bound to the publishable key."""
    if "origin" not in request.headers:
        return {}
    return {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key, Stripe-Account, Stripe-Version",
        "Access-Control-Expose-Headers": "Request-Id",
    }

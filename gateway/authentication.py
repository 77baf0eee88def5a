"""The step that says who sends a request."""

from contextlib import nullcontext

from gateway.api_keys import PREFIX, ApiKeys
from gateway.rates import RateLimits
from gateway.request import ProxiedRequest
from gateway.routes import Route
from shared.auth.token_extraction import token_of
from shared.auth.verification import Caller, Verifier
from shared.errors import Unauthenticated

AUTHORIZATION = b"authorization"


async def authenticate(
    verifier: Verifier, keys: ApiKeys, limits: RateLimits | None, request: ProxiedRequest, route: Route
) -> Caller | None:
    """The caller by the access token or API key, None without one or where the route ignores it; Unauthenticated for a
    bad one.

    Whether an operation needs a token is for its service to say, which checks the token again; in place of an API key
    it gets the token that the key was exchanged for. Identity is asked about a new key only while its address may send
    requests: TooManyRequests.
    """
    if not route.judges_token or (token := token_of(request.scope)) is None:
        return None
    if not token.startswith(PREFIX):
        return verifier.known(token) or await verifier.user(token)
    if AUTHORIZATION not in request.headers.values:
        raise Unauthenticated("An API key is sent in the header Authorization.")
    asking = nullcontext() if limits is None or not keys.is_new(token) else limits.one_held(request.address)
    async with asking:
        caller, exchanged = await keys.caller(token)
    others = [header for header in request.headers.passed_on if header[0] != AUTHORIZATION]
    request.headers.passed_on = [*others, (AUTHORIZATION, f"Bearer {exchanged}".encode())]
    return caller

"""The step that says who sends a request."""

from gateway.request import ProxiedRequest
from gateway.routes import Route
from shared.auth.token_extraction import token_of
from shared.auth.verification import Caller, Verifier


async def authenticate(verifier: Verifier, request: ProxiedRequest, route: Route) -> Caller | None:
    """The caller by the access token, None without one or where the route ignores it; Unauthenticated for a bad one.

    Whether an operation needs a token is for its service to say, which checks the token again.
    """
    if not route.judges_token or (token := token_of(request.scope)) is None:
        return None
    return verifier.known(token) or await verifier.user(token)

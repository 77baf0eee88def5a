"""What the provider can do, as clients find it. Nothing is listed that is not so."""

from typing import Any

from services.identity.keys.domain import Algorithm
from services.identity.oauth.clients.domain import GrantType, allowed_scopes

CLAIMS = (
    *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"),
    *("name", "given_name", "family_name", "locale", "zoneinfo", "updated_at", "email", "email_verified"),
)
AUTHENTICATION = ("client_secret_basic", "client_secret_post", "none")
PROMPTS = ("none", "login", "consent", "select_account")


def metadata(issuer: str) -> dict[str, Any]:
    """The metadata of OpenID Connect Discovery 1.0 and RFC 8414; `issuer` is the public address."""
    endpoints = {
        "authorization_endpoint": "authorize",
        "token_endpoint": "token",
        "userinfo_endpoint": "userinfo",
        "revocation_endpoint": "revoke",
        "introspection_endpoint": "introspect",
        "end_session_endpoint": "logout",
    }
    return {
        "issuer": issuer,
        **{name: f"{issuer}/oauth/{path}" for name, path in endpoints.items()},
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "scopes_supported": sorted(allowed_scopes(first_party=True)),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": [grant.value for grant in GrantType],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [Algorithm.RS256.value, Algorithm.ES256.value],
        "token_endpoint_auth_methods_supported": list(AUTHENTICATION),
        "revocation_endpoint_auth_methods_supported": list(AUTHENTICATION),
        "introspection_endpoint_auth_methods_supported": list(AUTHENTICATION[:2]),
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": list(CLAIMS),
        "acr_values_supported": ["aal1", "aal2"],
        "prompt_values_supported": list(PROMPTS),
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "authorization_response_iss_parameter_supported": True,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
    }

"""WebAuthn's relying party: what is asked of a browser's passkeys, and whether its answers are right.

Every passkey is discoverable and verifies its user: one of them is a whole sign-in.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from uuid import UUID

import webauthn
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from services.identity.factors.models import Passkey
from services.identity.settings import IdentitySettings

NAME = "Estuary"
MILLISECONDS = 300_000
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)
"""What the library raises for an answer of wrong types or bytes: not only errors of its own."""
Json = dict[str, Any]
Answer = Mapping[str, Any]
Verified = TypeVar("Verified", VerifiedRegistration, VerifiedAuthentication)


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """`id` is a host name, to which passkeys are bound; pages of `origins` may use them."""

    id: str
    origins: Sequence[str]

    @classmethod
    def of(cls, settings: IdentitySettings) -> Self:
        """As the settings say."""
        return cls(settings.rp_id, settings.passkey_origins)

    def ask_for_new(self, user_id: UUID, email: str, name: str, present: Iterable[Passkey]) -> tuple[Json, bytes]:
        """Options for `navigator.credentials.create`, and their challenge; the device makes no second one beside
        `present`."""
        options = webauthn.generate_registration_options(
            rp_id=self.id,
            rp_name=NAME,
            user_id=user_id.bytes,
            user_name=email,
            user_display_name=name,
            timeout=MILLISECONDS,
            attestation=AttestationConveyancePreference.NONE,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
            exclude_credentials=_described(present),
        )
        return options_to_json_dict(options), options.challenge

    def ask_for_one(self, known: Iterable[Passkey] = ()) -> tuple[Json, bytes]:
        """Options for `navigator.credentials.get`, and their challenge; without `known` any passkey may answer."""
        options = webauthn.generate_authentication_options(
            rp_id=self.id,
            timeout=MILLISECONDS,
            allow_credentials=_described(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options), options.challenge

    def verify_new(self, answer: Answer, challenge: bytes) -> VerifiedRegistration | None:
        """What the browser made; None if the answer is wrong."""
        return _or_none(lambda: webauthn.verify_registration_response(**self._expected(answer, challenge)))

    def verify(self, answer: Answer, challenge: bytes, passkey: Passkey) -> VerifiedAuthentication | None:
        """The passkey's proof; None if it is wrong, or without its user."""
        return _or_none(
            lambda: webauthn.verify_authentication_response(
                **self._expected(answer, challenge),
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
            )
        )

    def _expected(self, answer: Answer, challenge: bytes) -> dict[str, Any]:
        """What holds of an answer for a new passkey and for a known one."""
        return {
            "credential": dict(answer),
            "expected_challenge": challenge,
            "expected_rp_id": self.id,
            "expected_origin": list(self.origins),
            "require_user_verification": True,
        }


def credential_id_of(answer: Answer) -> bytes | None:
    """By which passkey the browser answers; None if it does not say."""
    return _bytes_of(answer.get("rawId"))


def user_handle_of(answer: Answer) -> bytes | None:
    """Whose passkey it is, as the authenticator says; None if it does not."""
    response = answer.get("response")
    return _bytes_of(response.get("userHandle")) if isinstance(response, dict) else None


def transports_of(answer: Answer) -> list[str]:
    """How the authenticator can be reached, as the browser says; what WebAuthn does not know is left out."""
    response = answer.get("response")
    given = response.get("transports") if isinstance(response, dict) else None
    texts = [each for each in given if isinstance(each, str)] if isinstance(given, list) else []
    return sorted({transport.value for transport in AuthenticatorTransport}.intersection(texts))


def _described(passkeys: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id, transports=[AuthenticatorTransport(each) for each in passkey.transports]
        )
        for passkey in passkeys
    ]


def _bytes_of(given: Any) -> bytes | None:
    if not isinstance(given, str):
        return None
    try:
        return base64url_to_bytes(given)
    except ValueError:
        return None


def _or_none(verify: Callable[[], Verified]) -> Verified | None:
    try:
        return verify()
    except UNREADABLE:
        return None

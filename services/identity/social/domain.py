"""Rules of social sign-in. Times are machine time.

An attempt goes from `state` to `code`, and from there, where something is missing, to `ticket`: what takes it on is
used once, and only its hash is stored.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

SOCIAL = "social"
"""The method of a sign-in, as sessions keep it."""
ATTEMPT_LIFE, CODE_LIFE, TICKET_LIFE = timedelta(minutes=10), timedelta(seconds=60), timedelta(minutes=10)
SECOND_STEP_LIFE = timedelta(minutes=5)
LONGEST_REDIRECT = 2000
LOCAL = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[1-9]\d{0,4})?(/[!$-\[\]^-~]*)?")
"""An address on this machine: no user, no fragment, no backslash, printable ASCII alone."""


class Mode(StrEnum):
    """What an attempt is for; its code is good for nothing else."""

    SIGN_IN = "sign_in"
    LINK = "link"


class AttemptStep(StrEnum):
    """How far an attempt is. It is taken on by the state, the code, a ticket, the ticket of a second step."""

    STARTED = "started"
    RETURNED = "returned"
    CODE = "code"
    TICKET = "ticket"
    SECOND_STEP = "second_step"
    DONE = "done"


class Decision(StrEnum):
    """What follows from what a provider said of a person."""

    SIGN_IN = "sign_in"
    CREATE = "create"
    LINK = "link"
    ASK_TO_LINK = "ask_to_link"
    ASK_ADDRESS = "ask_address"


@dataclass(frozen=True, slots=True)
class Holder:
    """The account that has the address; `has_other_subject`: it is linked to somebody else at the same issuer."""

    is_verified: bool
    is_in_use: bool
    has_other_subject: bool


def decide(*, is_known: bool, has_address: bool, is_word_good: bool, holder: Holder | None) -> Decision:
    """Issuer and subject count. The address is looked at the first time, and links only what both sides have proven."""
    if is_known:
        return Decision.SIGN_IN
    if not has_address:
        return Decision.ASK_ADDRESS
    if holder is None:
        return Decision.CREATE
    both_proven = is_word_good and holder.is_verified
    if both_proven and holder.is_in_use and not holder.has_other_subject:
        return Decision.LINK
    return Decision.ASK_TO_LINK


def may_claim(*, is_word_good: bool, holder: Holder) -> bool:
    """Whether an address goes to who has the good word on it: its account never proved it."""
    return is_word_good and not holder.is_verified


def is_allowed_redirect(given: str, allowed: Collection[str], *, local_too: bool) -> bool:
    """Whether an app may be sent back there: exactly as set, or on this machine where that is allowed."""
    if len(given) > LONGEST_REDIRECT:
        return False
    return given in allowed or (local_too and LOCAL.fullmatch(given) is not None)


def secret_of(key: bytes, purpose: str, state: str) -> str:
    """What belongs to a state, such as the nonce of its ID token: derived, so that nothing secret is stored."""
    return _written(hmac.digest(key, f"{purpose} {state}".encode(errors="replace"), "sha256"))


def challenge_of(verifier: str) -> str:
    """The challenge of a verifier (RFC 7636, S256)."""
    return _written(hashlib.sha256(verifier.encode(errors="replace")).digest())


def hash_of(token: str) -> bytes:
    """What is stored of a state, code, ticket or ID token."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


def signed_part(token: str) -> str:
    """A JWT without its signature, of which there are several that fit: by this it is known when it comes again."""
    return token.rpartition(".")[0]


def _written(octets: bytes) -> str:
    return urlsafe_b64encode(octets).rstrip(b"=").decode()

"""What a provider says of a person, and how far its word on an address counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GMAIL = "gmail.com"


class Trust(StrEnum):
    """Whose word on an address counts as a proof."""

    GOOGLE = "google"
    SAYS_SO = "says_so"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Profile:
    """Who somebody is at a provider: known by `issuer` and `subject`.

    `is_email_good`: the provider proved the address, and its word counts. `refresh_token` is one that is to be revoked
    when the person leaves.
    """

    issuer: str
    subject: str
    email: str | None = None
    is_email_good: bool = False
    first_name: str = ""
    last_name: str = ""
    refresh_token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Returned:
    """What the browser brought back from a provider; empty is what did not come. `user` is Apple's."""

    state: str = ""
    code: str = field(default="", repr=False)
    error: str = ""
    iss: str = ""
    user: str = field(default="", repr=False)


def is_good_word(email_trust: Trust, claims: Mapping[str, Any]) -> bool:
    """Whether the address in these claims is proven by them: the flag stands in the same signed token.

    Google speaks for gmail.com, and for the domain that `hd` names.
    """
    email, verified = claims.get("email"), claims.get("email_verified")
    if not isinstance(email, str) or not (verified is True or verified == "true"):
        return False
    if email_trust is Trust.GOOGLE:
        domain, hosted = email.rpartition("@")[2].lower(), claims.get("hd")
        return domain == GMAIL or (isinstance(hosted, str) and domain == hosted.lower())
    return email_trust is Trust.SAYS_SO


def text_of(value: object) -> str:
    """The text, empty for anything else."""
    return value if isinstance(value, str) else ""

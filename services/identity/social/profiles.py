"""What is stored of what a provider said: an address that we would take, names that we would show."""

from dataclasses import replace

from pydantic import TypeAdapter, ValidationError

from services.identity.providers.domain import Profile
from shared.records.text import Name
from shared.web.emails import Email

EMAIL: TypeAdapter[str] = TypeAdapter(Email)
NAME: TypeAdapter[str] = TypeAdapter(Name)
NAMELESS = "Member"


def cleaned(profile: Profile) -> Profile:
    """The same without an address or a name that no account may have."""
    email = _valid(EMAIL, profile.email)
    return replace(
        profile,
        email=email or None,
        is_email_good=bool(email) and profile.is_email_good,
        first_name=_valid(NAME, profile.first_name),
        last_name=_valid(NAME, profile.last_name),
    )


def first_name_of(first_name: str, email: str) -> str:
    """A first name: that of the provider, else what stands before the @ in the address."""
    return first_name or _valid(NAME, email.partition("@")[0][:100]) or NAMELESS


def _valid(kind: TypeAdapter[str], given: str | None) -> str:
    try:
        return kind.validate_python(given) if given else ""
    except ValidationError:
        return ""

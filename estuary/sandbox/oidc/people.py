"""Who a person at a provider is: what the form on its page says."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

LONGEST = 300
YES = {"true", "on", "1", "yes"}


@dataclass(frozen=True, slots=True)
class Person:
    """Empty fields are not known to the provider; without `sub` it is Ada."""

    sub: str
    email: str
    email_verified: bool
    given_name: str
    family_name: str
    hd: str

    @classmethod
    def of(cls, form: Mapping[str, str]) -> Self:
        """Reads the form, or what was stored of it."""
        given = {name: str(form.get(name, "")).strip()[:LONGEST] for name in FIELDS}
        verified = str(form.get("email_verified", "")).lower() in YES
        names = given["given_name"], given["family_name"]
        return cls(given["sub"] or "ada", given["email"], verified, *names, given["hd"])

    def stored(self) -> dict[str, Any]:
        """What `of` reads again."""
        return asdict(self)

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.given_name} {self.family_name}".strip()


FIELDS = ("sub", "email", "given_name", "family_name", "hd")

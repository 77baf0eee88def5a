"""Passwords that are guessed first: the 10,000 commonest of at least eight characters, and the person's own data."""

from functools import cache
from importlib import resources

from services.identity.accounts.errors import PasswordTooCommon
from services.identity.accounts.passwords import composed


@cache
def common_passwords() -> frozenset[str]:
    """In lower case, from `common_passwords.txt`, which says where they come from."""
    lines = resources.files(__package__).joinpath("common_passwords.txt").read_text().splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))


def demand_uncommon(password: str, email: str, first_name: str, last_name: str) -> None:
    """Raises PasswordTooCommon, without regard to case and to how accents are written."""
    given = _compared(password)
    own = (email, email.partition("@")[0], first_name, last_name, first_name + last_name, f"{first_name} {last_name}")
    if given in common_passwords() or given in {_compared(text) for text in own}:
        raise PasswordTooCommon


def _compared(text: str) -> str:
    return composed(text.casefold())

"""Bodies about addresses."""

from shared.web.emails import Email
from shared.web.http import Body, View


class ProvenAddress(View):
    """The account's address, which its owner has proven."""

    email: str
    is_verified: bool


class NewAddress(Body):
    """The address that the account is to have once it is confirmed."""

    email: Email


class PresentAddress(View):
    """The account's address now."""

    email: str

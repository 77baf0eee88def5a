"""What identity answers to the other services: accounts, staff, mails, what the edge must know."""

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from shared.peers import Endpoint
from shared.web.http import Body, UtcTime, View


class InternalUser(View):
    """An account that is in use. `timezone` is an IANA zone, None where the person has set none."""

    user_id: UUID
    email: str
    first_name: str
    last_name: str
    timezone: str | None
    roles: list[str]
    practitioner_id: UUID | None


class StaffView(View):
    """Who is staff now."""

    user_ids: list[UUID]


class EdgeView(View):
    """What a process must know to judge tokens and requests.

    `ended_sessions`, those of API keys among them, are those that ended within the life of an access token, or after
    the moment asked about; `until` is the next such moment. `read_only`: the operator has switched writes off.
    """

    keys: list[dict[str, str]]
    ended_sessions: list[UUID]
    read_only: bool
    until: UtcTime


class InternalMail(View):
    """A mail that is due: to whom, and with which token, if it has one.

    `account_address` is the account's own address, which may be another one than the mail goes to.
    """

    mail_token_id: UUID
    kind: str
    address: str
    account_address: str
    first_name: str
    timezone: str | None
    token: str | None
    expires_at: UtcTime


class GivenApiKey(Body):
    """What a client sent as an API key."""

    key: Annotated[str, StringConstraints(max_length=200)]


class ApiKeyToken(View):
    """An access token in place of an API key; `expires_in` is its life in seconds."""

    access_token: str
    expires_in: int


USER = Endpoint("identity", "GET", "/internal/users/{user_id}/", InternalUser)
"""An account that is in use; NotFound where there is none."""
STAFF = Endpoint("identity", "GET", "/internal/staff/", StaffView)
"""The accounts of staff that are in use."""
MAIL_TOKEN = Endpoint("identity", "GET", "/internal/mail-tokens/{mail_token_id}/", InternalMail)
"""A mail that is due, with its token; NotFound for one that is void by now."""
EDGE = Endpoint("identity", "GET", "/internal/edge/", EdgeView)
"""Keys, ended sessions, the switch for writes; with `after`, the sessions since an earlier answer's `until`."""
EXCHANGE_API_KEY = Endpoint("identity", "POST", "/internal/api-keys/exchange/", ApiKeyToken, GivenApiKey)
"""A token for five minutes in place of an API key; NotFound for a key that opens nothing."""

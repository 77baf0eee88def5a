"""What identity answers to the other services: accounts, staff, mails, revoked sessions."""

from uuid import UUID

from shared.peers import Endpoint
from shared.web.http import UtcTime, View


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


class RevokedSessions(View):
    """Sessions that ended within the life of an access token, or after the moment asked about; `until` is the next."""

    session_ids: list[UUID]
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


USER = Endpoint("identity", "GET", "/internal/users/{user_id}/", InternalUser)
"""An account that is in use; NotFound where there is none."""
STAFF = Endpoint("identity", "GET", "/internal/staff/", StaffView)
"""The accounts of staff that are in use."""
MAIL_TOKEN = Endpoint("identity", "GET", "/internal/mail-tokens/{mail_token_id}/", InternalMail)
"""A mail that is due, with its token; NotFound for one that is void by now."""
REVOKED_SESSIONS = Endpoint("identity", "GET", "/internal/revoked-sessions/", RevokedSessions)
"""The sessions that ended lately; with `since`, those that ended after an earlier answer's `until`."""

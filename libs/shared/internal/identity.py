"""What identity answers to the other services: accounts, staff, revoked sessions."""

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


USER = Endpoint("identity", "GET", "/internal/users/{user_id}/", InternalUser)
"""An account that is in use; NotFound where there is none."""
STAFF = Endpoint("identity", "GET", "/internal/staff/", StaffView)
"""The accounts of staff that are in use."""
REVOKED_SESSIONS = Endpoint("identity", "GET", "/internal/revoked-sessions/", RevokedSessions)
"""The sessions that ended lately; with `since`, those that ended after an earlier answer's `until`."""

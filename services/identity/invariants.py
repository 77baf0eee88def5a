"""What must always hold in schema `identity`, from all nouns."""

from services.identity.erasures import invariants as erasures
from services.identity.factors import invariants as factors
from services.identity.sessions import invariants as sessions
from services.identity.social import invariants as social
from services.identity.staff import invariants as staff

INVARIANTS: dict[str, str] = {
    **erasures.INVARIANTS,
    **factors.INVARIANTS,
    **sessions.INVARIANTS,
    **social.INVARIANTS,
    **staff.INVARIANTS,
}

"""What must always hold in schema `identity`, from all nouns."""

from services.identity.sessions import invariants as sessions
from services.identity.staff import invariants as staff

INVARIANTS: dict[str, str] = {**sessions.INVARIANTS, **staff.INVARIANTS}

"""What must always hold in schema `catalog`, from all nouns."""

from services.catalog.practitioners import invariants as practitioners
from services.catalog.services import invariants as services

INVARIANTS: dict[str, str] = {**practitioners.INVARIANTS, **services.INVARIANTS}

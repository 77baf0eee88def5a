"""Answers about audit logs."""

from typing import Literal

from services.identity.audit.domain import Verification
from shared.web.audit import AuditEntry
from shared.web.http import View
from shared.web.pagination import Listing


class AuditListing(Listing[AuditEntry]):
    """Entries of all services; `unreachable` are the services that did not answer in two seconds."""

    unreachable: list[str]


class VerificationView(View):
    """Whether a service's log is as it was sealed; the numbers are those of the rows before `broken_at`."""

    service: str
    rows: int
    redacted: int
    head: str | None
    status: Literal["intact", "broken"]
    broken_at: int | None

    @classmethod
    def of(cls, found: Verification) -> "VerificationView":
        """As it was found."""
        return cls.showing(found, status="intact" if found.broken_at is None else "broken")

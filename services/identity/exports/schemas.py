"""Bodies about exports."""

from collections.abc import Sequence
from typing import Self
from uuid import UUID

from services.identity.exports.domain import ExportStatus
from services.identity.exports.models import Export
from shared.web.http import UtcTime, View


class ExportView(View):
    """An export; `services` are those whose part is there."""

    id: UUID
    status: ExportStatus
    expires_at: UtcTime
    services: list[str]

    @classmethod
    def of(cls, export: Export, services: Sequence[str]) -> Self:
        """The row, with the services of its parts."""
        return cls(id=export.id, status=export.status, expires_at=export.expires_at, services=list(services))

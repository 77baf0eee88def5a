from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.report_status import ReportStatus

T = TypeVar("T", bound="ReportView")


@_attrs_define
class ReportView:
    """A report, as its author and staff see it.

    Attributes:
        id (UUID):
        conversation_id (UUID):
        reporter_id (UUID):
        reason (str):
        status (ReportStatus):
        note (None | str):
        created_at (datetime.datetime):
        resolved_at (datetime.datetime | None):
    """

    id: UUID
    conversation_id: UUID
    reporter_id: UUID
    reason: str
    status: ReportStatus
    note: None | str
    created_at: datetime.datetime
    resolved_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        conversation_id = str(self.conversation_id)

        reporter_id = str(self.reporter_id)

        reason = self.reason

        status = self.status.value

        note: None | str
        note = self.note

        created_at = self.created_at.isoformat()

        resolved_at: None | str
        if isinstance(self.resolved_at, datetime.datetime):
            resolved_at = self.resolved_at.isoformat()
        else:
            resolved_at = self.resolved_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "conversation_id": conversation_id,
                "reporter_id": reporter_id,
                "reason": reason,
                "status": status,
                "note": note,
                "created_at": created_at,
                "resolved_at": resolved_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        conversation_id = UUID(d.pop("conversation_id"))

        reporter_id = UUID(d.pop("reporter_id"))

        reason = d.pop("reason")

        status = ReportStatus(d.pop("status"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_resolved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                resolved_at_type_0 = datetime.datetime.fromisoformat(data)

                return resolved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        resolved_at = _parse_resolved_at(d.pop("resolved_at"))

        report_view = cls(
            id=id,
            conversation_id=conversation_id,
            reporter_id=reporter_id,
            reason=reason,
            status=status,
            note=note,
            created_at=created_at,
            resolved_at=resolved_at,
        )

        report_view.additional_properties = d
        return report_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties

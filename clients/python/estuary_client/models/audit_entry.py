from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.audit_entry_after import AuditEntryAfter
    from ..models.audit_entry_before import AuditEntryBefore


T = TypeVar("T", bound="AuditEntry")


@_attrs_define
class AuditEntry:
    """What staff did once. An erased entry has neither contents nor a reason; times are the machine's.

    Attributes:
        id (UUID):
        service (str):
        actor_id (None | UUID):
        on_behalf_of (None | UUID):
        action (str):
        subject_type (str):
        subject_id (UUID):
        before (AuditEntryBefore):
        after (AuditEntryAfter):
        reason (None | str):
        trace_id (None | str):
        address (None | str):
        created_at (datetime.datetime):
        sealed (bool):
    """

    id: UUID
    service: str
    actor_id: None | UUID
    on_behalf_of: None | UUID
    action: str
    subject_type: str
    subject_id: UUID
    before: AuditEntryBefore
    after: AuditEntryAfter
    reason: None | str
    trace_id: None | str
    address: None | str
    created_at: datetime.datetime
    sealed: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service = self.service

        actor_id: None | str
        if isinstance(self.actor_id, UUID):
            actor_id = str(self.actor_id)
        else:
            actor_id = self.actor_id

        on_behalf_of: None | str
        if isinstance(self.on_behalf_of, UUID):
            on_behalf_of = str(self.on_behalf_of)
        else:
            on_behalf_of = self.on_behalf_of

        action = self.action

        subject_type = self.subject_type

        subject_id = str(self.subject_id)

        before = self.before.to_dict()

        after = self.after.to_dict()

        reason: None | str
        reason = self.reason

        trace_id: None | str
        trace_id = self.trace_id

        address: None | str
        address = self.address

        created_at = self.created_at.isoformat()

        sealed = self.sealed

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service": service,
                "actor_id": actor_id,
                "on_behalf_of": on_behalf_of,
                "action": action,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "before": before,
                "after": after,
                "reason": reason,
                "trace_id": trace_id,
                "address": address,
                "created_at": created_at,
                "sealed": sealed,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.audit_entry_after import AuditEntryAfter
        from ..models.audit_entry_before import AuditEntryBefore

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service = d.pop("service")

        def _parse_actor_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                actor_id_type_0 = UUID(data)

                return actor_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        actor_id = _parse_actor_id(d.pop("actor_id"))

        def _parse_on_behalf_of(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                on_behalf_of_type_0 = UUID(data)

                return on_behalf_of_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        on_behalf_of = _parse_on_behalf_of(d.pop("on_behalf_of"))

        action = d.pop("action")

        subject_type = d.pop("subject_type")

        subject_id = UUID(d.pop("subject_id"))

        before = AuditEntryBefore.from_dict(d.pop("before"))

        after = AuditEntryAfter.from_dict(d.pop("after"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_trace_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        trace_id = _parse_trace_id(d.pop("trace_id"))

        def _parse_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        address = _parse_address(d.pop("address"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        sealed = d.pop("sealed")

        audit_entry = cls(
            id=id,
            service=service,
            actor_id=actor_id,
            on_behalf_of=on_behalf_of,
            action=action,
            subject_type=subject_type,
            subject_id=subject_id,
            before=before,
            after=after,
            reason=reason,
            trace_id=trace_id,
            address=address,
            created_at=created_at,
            sealed=sealed,
        )

        audit_entry.additional_properties = d
        return audit_entry

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

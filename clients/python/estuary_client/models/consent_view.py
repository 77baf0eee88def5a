from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.identity_decision import IdentityDecision

if TYPE_CHECKING:
    from ..models.consent_view_scope_type_0 import ConsentViewScopeType0


T = TypeVar("T", bound="ConsentView")


@_attrs_define
class ConsentView:
    """A decision as it was recorded.

    Attributes:
        id (UUID):
        purpose (str):
        version (int):
        decision (IdentityDecision): What a person says about a document; no record means no.
        scope (ConsentViewScopeType0 | None):
        created_at (datetime.datetime):
    """

    id: UUID
    purpose: str
    version: int
    decision: IdentityDecision
    scope: ConsentViewScopeType0 | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.consent_view_scope_type_0 import ConsentViewScopeType0

        id = str(self.id)

        purpose = self.purpose

        version = self.version

        decision = self.decision.value

        scope: dict[str, Any] | None
        if isinstance(self.scope, ConsentViewScopeType0):
            scope = self.scope.to_dict()
        else:
            scope = self.scope

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "purpose": purpose,
                "version": version,
                "decision": decision,
                "scope": scope,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.consent_view_scope_type_0 import ConsentViewScopeType0

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        purpose = d.pop("purpose")

        version = d.pop("version")

        decision = IdentityDecision(d.pop("decision"))

        def _parse_scope(data: object) -> ConsentViewScopeType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                scope_type_0 = ConsentViewScopeType0.from_dict(data)

                return scope_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(ConsentViewScopeType0 | None, data)

        scope = _parse_scope(d.pop("scope"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        consent_view = cls(
            id=id,
            purpose=purpose,
            version=version,
            decision=decision,
            scope=scope,
            created_at=created_at,
        )

        consent_view.additional_properties = d
        return consent_view

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

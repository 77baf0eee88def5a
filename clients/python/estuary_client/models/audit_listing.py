from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.audit_entry import AuditEntry


T = TypeVar("T", bound="AuditListing")


@_attrs_define
class AuditListing:
    """Entries of all services; `unreachable` are the services that did not answer in two seconds.

    Attributes:
        results (list[AuditEntry]):
        total (int):
        limit (int):
        offset (int):
        has_more (bool):
        unreachable (list[str]):
    """

    results: list[AuditEntry]
    total: int
    limit: int
    offset: int
    has_more: bool
    unreachable: list[str]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        results = []
        for results_item_data in self.results:
            results_item = results_item_data.to_dict()
            results.append(results_item)

        total = self.total

        limit = self.limit

        offset = self.offset

        has_more = self.has_more

        unreachable = self.unreachable

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "results": results,
                "total": total,
                "limit": limit,
                "offset": offset,
                "has_more": has_more,
                "unreachable": unreachable,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.audit_entry import AuditEntry

        d = dict(src_dict)
        results = []
        _results = d.pop("results")
        for results_item_data in _results:
            results_item = AuditEntry.from_dict(results_item_data)

            results.append(results_item)

        total = d.pop("total")

        limit = d.pop("limit")

        offset = d.pop("offset")

        has_more = d.pop("has_more")

        unreachable = cast(list[str], d.pop("unreachable"))

        audit_listing = cls(
            results=results,
            total=total,
            limit=limit,
            offset=offset,
            has_more=has_more,
            unreachable=unreachable,
        )

        audit_listing.additional_properties = d
        return audit_listing

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="FeesView")


@_attrs_define
class FeesView:
    """Zero is no fee.

    Attributes:
        no_show (Money):
        late_cancel (Money):
    """

    no_show: Money
    late_cancel: Money
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        no_show = self.no_show.to_dict()

        late_cancel = self.late_cancel.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "no_show": no_show,
                "late_cancel": late_cancel,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        no_show = Money.from_dict(d.pop("no_show"))

        late_cancel = Money.from_dict(d.pop("late_cancel"))

        fees_view = cls(
            no_show=no_show,
            late_cancel=late_cancel,
        )

        fees_view.additional_properties = d
        return fees_view

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

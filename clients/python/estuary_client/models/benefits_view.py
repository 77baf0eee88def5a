from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="BenefitsView")


@_attrs_define
class BenefitsView:
    """What the present period of a membership has granted, and how many of its sessions are left.

    Attributes:
        credits_granted (Money):
        sessions_left (int):
    """

    credits_granted: Money
    sessions_left: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        credits_granted = self.credits_granted.to_dict()

        sessions_left = self.sessions_left

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "credits_granted": credits_granted,
                "sessions_left": sessions_left,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        credits_granted = Money.from_dict(d.pop("credits_granted"))

        sessions_left = d.pop("sessions_left")

        benefits_view = cls(
            credits_granted=credits_granted,
            sessions_left=sessions_left,
        )

        benefits_view.additional_properties = d
        return benefits_view

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

from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.split_view import SplitView


T = TypeVar("T", bound="CancelledView")


@_attrs_define
class CancelledView:
    """The booking is cancelled, and this went back.

    Attributes:
        refund (SplitView): How a refund falls on the card and on credits.
        status (Literal['cancelled'] | Unset):  Default: 'cancelled'.
    """

    refund: SplitView
    status: Literal["cancelled"] | Unset = "cancelled"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        refund = self.refund.to_dict()

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "refund": refund,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.split_view import SplitView

        d = dict(src_dict)
        refund = SplitView.from_dict(d.pop("refund"))

        status = cast(Literal["cancelled"] | Unset, d.pop("status", UNSET))
        if status != "cancelled" and not isinstance(status, Unset):
            raise ValueError(f"status must match const 'cancelled', got '{status}'")

        cancelled_view = cls(
            refund=refund,
            status=status,
        )

        cancelled_view.additional_properties = d
        return cancelled_view

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

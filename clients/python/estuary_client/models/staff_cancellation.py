from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.cancel_at import CancelAt
from ..models.refund_of import RefundOf

T = TypeVar("T", bound="StaffCancellation")


@_attrs_define
class StaffCancellation:
    """When it ends, also where it is paid, and what of the current period's bills goes back: nothing, the share of the
    time that is left then, or all.

        Attributes:
            at (CancelAt): When a subscription that is cancelled ends.
            refund (RefundOf): What staff return of the bills of the current period: the share of the time that is left, or
                all of it.
    """

    at: CancelAt
    refund: RefundOf

    def to_dict(self) -> dict[str, Any]:
        at = self.at.value

        refund = self.refund.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "at": at,
                "refund": refund,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        at = CancelAt(d.pop("at"))

        refund = RefundOf(d.pop("refund"))

        staff_cancellation = cls(
            at=at,
            refund=refund,
        )

        return staff_cancellation

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.cancel_at import CancelAt
from ..types import UNSET, Unset

T = TypeVar("T", bound="Cancellation")


@_attrs_define
class Cancellation:
    """`period_end`: at the end of what is paid, or of the trial; what is unpaid ends now.

    Attributes:
        at (CancelAt | Unset): When a subscription that is cancelled ends.
    """

    at: CancelAt | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        at: str | Unset = UNSET
        if not isinstance(self.at, Unset):
            at = self.at.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if at is not UNSET:
            field_dict["at"] = at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        _at = d.pop("at", UNSET)
        at: CancelAt | Unset
        if isinstance(_at, Unset):
            at = UNSET
        else:
            at = CancelAt(_at)

        cancellation = cls(
            at=at,
        )

        return cancellation

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ResumePayment")


@_attrs_define
class ResumePayment:
    """The order whose intent is wanted.

    Attributes:
        order_id (UUID):
    """

    order_id: UUID

    def to_dict(self) -> dict[str, Any]:
        order_id = str(self.order_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "order_id": order_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        order_id = UUID(d.pop("order_id"))

        resume_payment = cls(
            order_id=order_id,
        )

        return resume_payment

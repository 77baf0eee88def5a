from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..models.dispute_closed_status import DisputeClosedStatus

T = TypeVar("T", bound="DisputeClosed")


@_attrs_define
class DisputeClosed:
    """The payer's bank has decided.

    Attributes:
        what (Literal['dispute_closed']):
        id (str):
        status (DisputeClosedStatus):
    """

    what: Literal["dispute_closed"]
    id: str
    status: DisputeClosedStatus

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        status = self.status.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["dispute_closed"], d.pop("what"))
        if what != "dispute_closed":
            raise ValueError(f"what must match const 'dispute_closed', got '{what}'")

        id = d.pop("id")

        status = DisputeClosedStatus(d.pop("status"))

        dispute_closed = cls(
            what=what,
            id=id,
            status=status,
        )

        return dispute_closed

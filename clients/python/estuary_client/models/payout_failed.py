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

from ..models.payout_failed_failure_code import PayoutFailedFailureCode
from ..types import UNSET, Unset

T = TypeVar("T", bound="PayoutFailed")


@_attrs_define
class PayoutFailed:
    """The bank sends a payout back, also one that was paid.

    Attributes:
        what (Literal['payout_failed']):
        id (str):
        failure_code (PayoutFailedFailureCode | Unset):  Default: PayoutFailedFailureCode.ACCOUNT_CLOSED.
    """

    what: Literal["payout_failed"]
    id: str
    failure_code: PayoutFailedFailureCode | Unset = (
        PayoutFailedFailureCode.ACCOUNT_CLOSED
    )

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        failure_code: str | Unset = UNSET
        if not isinstance(self.failure_code, Unset):
            failure_code = self.failure_code.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if failure_code is not UNSET:
            field_dict["failure_code"] = failure_code

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["payout_failed"], d.pop("what"))
        if what != "payout_failed":
            raise ValueError(f"what must match const 'payout_failed', got '{what}'")

        id = d.pop("id")

        _failure_code = d.pop("failure_code", UNSET)
        failure_code: PayoutFailedFailureCode | Unset
        if isinstance(_failure_code, Unset):
            failure_code = UNSET
        else:
            failure_code = PayoutFailedFailureCode(_failure_code)

        payout_failed = cls(
            what=what,
            id=id,
            failure_code=failure_code,
        )

        return payout_failed

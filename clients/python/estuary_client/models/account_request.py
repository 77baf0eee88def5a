from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.payout_schedule import PayoutSchedule
from ..types import UNSET, Unset

T = TypeVar("T", bound="AccountRequest")


@_attrs_define
class AccountRequest:
    """Leaves the schedule as it is (at first manual) where none is given.

    Attributes:
        payout_schedule (None | PayoutSchedule | Unset):
    """

    payout_schedule: None | PayoutSchedule | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        payout_schedule: None | str | Unset
        if isinstance(self.payout_schedule, Unset):
            payout_schedule = UNSET
        elif isinstance(self.payout_schedule, PayoutSchedule):
            payout_schedule = self.payout_schedule.value
        else:
            payout_schedule = self.payout_schedule

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if payout_schedule is not UNSET:
            field_dict["payout_schedule"] = payout_schedule

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_payout_schedule(data: object) -> None | PayoutSchedule | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                payout_schedule_type_0 = PayoutSchedule(data)

                return payout_schedule_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PayoutSchedule | Unset, data)

        payout_schedule = _parse_payout_schedule(d.pop("payout_schedule", UNSET))

        account_request = cls(
            payout_schedule=payout_schedule,
        )

        return account_request

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.interval import Interval
from ..types import UNSET, Unset

T = TypeVar("T", bound="PlanChoice")


@_attrs_define
class PlanChoice:
    """Another plan, or another interval. With `prorate_at` of a preview at its figures, for ten minutes.

    Attributes:
        plan_id (UUID):
        interval (Interval): How often a plan is billed.
        prorate_at (datetime.datetime | None | Unset):
    """

    plan_id: UUID
    interval: Interval
    prorate_at: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        plan_id = str(self.plan_id)

        interval = self.interval.value

        prorate_at: None | str | Unset
        if isinstance(self.prorate_at, Unset):
            prorate_at = UNSET
        elif isinstance(self.prorate_at, datetime.datetime):
            prorate_at = self.prorate_at.isoformat()
        else:
            prorate_at = self.prorate_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "plan_id": plan_id,
                "interval": interval,
            }
        )
        if prorate_at is not UNSET:
            field_dict["prorate_at"] = prorate_at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        plan_id = UUID(d.pop("plan_id"))

        interval = Interval(d.pop("interval"))

        def _parse_prorate_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                prorate_at_type_0 = datetime.datetime.fromisoformat(data)

                return prorate_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        prorate_at = _parse_prorate_at(d.pop("prorate_at", UNSET))

        plan_choice = cls(
            plan_id=plan_id,
            interval=interval,
            prorate_at=prorate_at,
        )

        return plan_choice

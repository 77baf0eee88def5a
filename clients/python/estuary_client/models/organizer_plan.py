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

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.no_features import NoFeatures
    from ..models.plan_price_body import PlanPriceBody


T = TypeVar("T", bound="OrganizerPlan")


@_attrs_define
class OrganizerPlan:
    """A plan for organizers.

    Attributes:
        code (str):
        name (str):
        level (int):
        prices (list[PlanPriceBody]):
        kind (Literal['organizer']):
        features (NoFeatures): The plan itself is what an organizer needs; what a stream's tier opens is said by the
            stream's posts.
        trial_days (int | Unset):  Default: 0.
        is_active (bool | Unset):  Default: True.
    """

    code: str
    name: str
    level: int
    prices: list[PlanPriceBody]
    kind: Literal["organizer"]
    features: NoFeatures
    trial_days: int | Unset = 0
    is_active: bool | Unset = True

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        name = self.name

        level = self.level

        prices = []
        for prices_item_data in self.prices:
            prices_item = prices_item_data.to_dict()
            prices.append(prices_item)

        kind = self.kind

        features = self.features.to_dict()

        trial_days = self.trial_days

        is_active = self.is_active

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "name": name,
                "level": level,
                "prices": prices,
                "kind": kind,
                "features": features,
            }
        )
        if trial_days is not UNSET:
            field_dict["trial_days"] = trial_days
        if is_active is not UNSET:
            field_dict["is_active"] = is_active

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.no_features import NoFeatures
        from ..models.plan_price_body import PlanPriceBody

        d = dict(src_dict)
        code = d.pop("code")

        name = d.pop("name")

        level = d.pop("level")

        prices = []
        _prices = d.pop("prices")
        for prices_item_data in _prices:
            prices_item = PlanPriceBody.from_dict(prices_item_data)

            prices.append(prices_item)

        kind = cast(Literal["organizer"], d.pop("kind"))
        if kind != "organizer":
            raise ValueError(f"kind must match const 'organizer', got '{kind}'")

        features = NoFeatures.from_dict(d.pop("features"))

        trial_days = d.pop("trial_days", UNSET)

        is_active = d.pop("is_active", UNSET)

        organizer_plan = cls(
            code=code,
            name=name,
            level=level,
            prices=prices,
            kind=kind,
            features=features,
            trial_days=trial_days,
            is_active=is_active,
        )

        return organizer_plan

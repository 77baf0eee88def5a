from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.plan_kind import PlanKind
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.membership_features import MembershipFeatures
    from ..models.no_features import NoFeatures
    from ..models.plan_price_view import PlanPriceView
    from ..models.platform_features import PlatformFeatures


T = TypeVar("T", bound="PlanView")


@_attrs_define
class PlanView:
    """A plan as it is offered; `stream_id`: the stream whose tier it is.

    Attributes:
        id (UUID):
        kind (PlanKind): Who subscribes to it, and to what end: practitioners to sell, organizers to negotiate, members
            to book, fans to
            see a stream.
        code (str):
        name (str):
        level (int):
        prices (list[PlanPriceView]):
        trial_days (int):
        features (MembershipFeatures | NoFeatures | PlatformFeatures):
        is_active (bool):
        version (int):
        stream_id (None | Unset | UUID):
    """

    id: UUID
    kind: PlanKind
    code: str
    name: str
    level: int
    prices: list[PlanPriceView]
    trial_days: int
    features: MembershipFeatures | NoFeatures | PlatformFeatures
    is_active: bool
    version: int
    stream_id: None | Unset | UUID = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.no_features import NoFeatures
        from ..models.platform_features import PlatformFeatures

        id = str(self.id)

        kind = self.kind.value

        code = self.code

        name = self.name

        level = self.level

        prices = []
        for prices_item_data in self.prices:
            prices_item = prices_item_data.to_dict()
            prices.append(prices_item)

        trial_days = self.trial_days

        features: dict[str, Any]
        if isinstance(self.features, PlatformFeatures) or isinstance(
            self.features, NoFeatures
        ):
            features = self.features.to_dict()
        else:
            features = self.features.to_dict()

        is_active = self.is_active

        version = self.version

        stream_id: None | str | Unset
        if isinstance(self.stream_id, Unset):
            stream_id = UNSET
        elif isinstance(self.stream_id, UUID):
            stream_id = str(self.stream_id)
        else:
            stream_id = self.stream_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "code": code,
                "name": name,
                "level": level,
                "prices": prices,
                "trial_days": trial_days,
                "features": features,
                "is_active": is_active,
                "version": version,
            }
        )
        if stream_id is not UNSET:
            field_dict["stream_id"] = stream_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.membership_features import MembershipFeatures
        from ..models.no_features import NoFeatures
        from ..models.plan_price_view import PlanPriceView
        from ..models.platform_features import PlatformFeatures

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = PlanKind(d.pop("kind"))

        code = d.pop("code")

        name = d.pop("name")

        level = d.pop("level")

        prices = []
        _prices = d.pop("prices")
        for prices_item_data in _prices:
            prices_item = PlanPriceView.from_dict(prices_item_data)

            prices.append(prices_item)

        trial_days = d.pop("trial_days")

        def _parse_features(
            data: object,
        ) -> MembershipFeatures | NoFeatures | PlatformFeatures:
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                features_type_0 = PlatformFeatures.from_dict(data)

                return features_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                features_type_1 = NoFeatures.from_dict(data)

                return features_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            if not isinstance(data, dict):
                raise TypeError()
            features_type_2 = MembershipFeatures.from_dict(data)

            return features_type_2

        features = _parse_features(d.pop("features"))

        is_active = d.pop("is_active")

        version = d.pop("version")

        def _parse_stream_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                stream_id_type_0 = UUID(data)

                return stream_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        stream_id = _parse_stream_id(d.pop("stream_id", UNSET))

        plan_view = cls(
            id=id,
            kind=kind,
            code=code,
            name=name,
            level=level,
            prices=prices,
            trial_days=trial_days,
            features=features,
            is_active=is_active,
            version=version,
            stream_id=stream_id,
        )

        plan_view.additional_properties = d
        return plan_view

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

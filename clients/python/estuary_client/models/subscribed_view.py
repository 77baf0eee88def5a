from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.shown_subscription import ShownSubscription


T = TypeVar("T", bound="SubscribedView")


@_attrs_define
class SubscribedView:
    """The tier that was chosen, and of a paid one the subscription, with its bill until that is paid.

    Attributes:
        stream_id (UUID):
        tier_level (int):
        subscription (None | ShownSubscription | Unset):
    """

    stream_id: UUID
    tier_level: int
    subscription: None | ShownSubscription | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.shown_subscription import ShownSubscription

        stream_id = str(self.stream_id)

        tier_level = self.tier_level

        subscription: dict[str, Any] | None | Unset
        if isinstance(self.subscription, Unset):
            subscription = UNSET
        elif isinstance(self.subscription, ShownSubscription):
            subscription = self.subscription.to_dict()
        else:
            subscription = self.subscription

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "stream_id": stream_id,
                "tier_level": tier_level,
            }
        )
        if subscription is not UNSET:
            field_dict["subscription"] = subscription

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.shown_subscription import ShownSubscription

        d = dict(src_dict)
        stream_id = UUID(d.pop("stream_id"))

        tier_level = d.pop("tier_level")

        def _parse_subscription(data: object) -> None | ShownSubscription | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                subscription_type_0 = ShownSubscription.from_dict(data)

                return subscription_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ShownSubscription | Unset, data)

        subscription = _parse_subscription(d.pop("subscription", UNSET))

        subscribed_view = cls(
            stream_id=stream_id,
            tier_level=tier_level,
            subscription=subscription,
        )

        subscribed_view.additional_properties = d
        return subscribed_view

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

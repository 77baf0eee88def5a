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
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="NewFollow")


@_attrs_define
class NewFollow:
    """On which tier to follow. A paid one is billed each month; with a saved card the first month is paid at once.

    With `expected_price` only at that price.

        Attributes:
            tier_level (int):
            interval (Literal['month'] | Unset):  Default: 'month'.
            payment_method_id (None | Unset | UUID):
            expected_price (Money | None | Unset):
    """

    tier_level: int
    interval: Literal["month"] | Unset = "month"
    payment_method_id: None | Unset | UUID = UNSET
    expected_price: Money | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money

        tier_level = self.tier_level

        interval = self.interval

        payment_method_id: None | str | Unset
        if isinstance(self.payment_method_id, Unset):
            payment_method_id = UNSET
        elif isinstance(self.payment_method_id, UUID):
            payment_method_id = str(self.payment_method_id)
        else:
            payment_method_id = self.payment_method_id

        expected_price: dict[str, Any] | None | Unset
        if isinstance(self.expected_price, Unset):
            expected_price = UNSET
        elif isinstance(self.expected_price, Money):
            expected_price = self.expected_price.to_dict()
        else:
            expected_price = self.expected_price

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tier_level": tier_level,
            }
        )
        if interval is not UNSET:
            field_dict["interval"] = interval
        if payment_method_id is not UNSET:
            field_dict["payment_method_id"] = payment_method_id
        if expected_price is not UNSET:
            field_dict["expected_price"] = expected_price

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        tier_level = d.pop("tier_level")

        interval = cast(Literal["month"] | Unset, d.pop("interval", UNSET))
        if interval != "month" and not isinstance(interval, Unset):
            raise ValueError(f"interval must match const 'month', got '{interval}'")

        def _parse_payment_method_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                payment_method_id_type_0 = UUID(data)

                return payment_method_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        payment_method_id = _parse_payment_method_id(d.pop("payment_method_id", UNSET))

        def _parse_expected_price(data: object) -> Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                expected_price_type_0 = Money.from_dict(data)

                return expected_price_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None | Unset, data)

        expected_price = _parse_expected_price(d.pop("expected_price", UNSET))

        new_follow = cls(
            tier_level=tier_level,
            interval=interval,
            payment_method_id=payment_method_id,
            expected_price=expected_price,
        )

        return new_follow

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


T = TypeVar("T", bound="PassBody")


@_attrs_define
class PassBody:
    """A package or a bundle to buy. `credits`: as many as possible ("max"), that many, or none.

    With `expected_price` nothing is bought at another price. `payment_method_id` is a saved card that pays what is due
    at once.

        Attributes:
            package_id (None | Unset | UUID):
            bundle_id (None | Unset | UUID):
            credits_ (Literal['max'] | Money | None | Unset):
            expected_price (Money | None | Unset):
            payment_method_id (None | Unset | UUID):
    """

    package_id: None | Unset | UUID = UNSET
    bundle_id: None | Unset | UUID = UNSET
    credits_: Literal["max"] | Money | None | Unset = UNSET
    expected_price: Money | None | Unset = UNSET
    payment_method_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money

        package_id: None | str | Unset
        if isinstance(self.package_id, Unset):
            package_id = UNSET
        elif isinstance(self.package_id, UUID):
            package_id = str(self.package_id)
        else:
            package_id = self.package_id

        bundle_id: None | str | Unset
        if isinstance(self.bundle_id, Unset):
            bundle_id = UNSET
        elif isinstance(self.bundle_id, UUID):
            bundle_id = str(self.bundle_id)
        else:
            bundle_id = self.bundle_id

        credits_: dict[str, Any] | Literal["max"] | None | Unset
        if isinstance(self.credits_, Unset):
            credits_ = UNSET
        elif isinstance(self.credits_, Money):
            credits_ = self.credits_.to_dict()
        else:
            credits_ = self.credits_

        expected_price: dict[str, Any] | None | Unset
        if isinstance(self.expected_price, Unset):
            expected_price = UNSET
        elif isinstance(self.expected_price, Money):
            expected_price = self.expected_price.to_dict()
        else:
            expected_price = self.expected_price

        payment_method_id: None | str | Unset
        if isinstance(self.payment_method_id, Unset):
            payment_method_id = UNSET
        elif isinstance(self.payment_method_id, UUID):
            payment_method_id = str(self.payment_method_id)
        else:
            payment_method_id = self.payment_method_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if package_id is not UNSET:
            field_dict["package_id"] = package_id
        if bundle_id is not UNSET:
            field_dict["bundle_id"] = bundle_id
        if credits_ is not UNSET:
            field_dict["credits"] = credits_
        if expected_price is not UNSET:
            field_dict["expected_price"] = expected_price
        if payment_method_id is not UNSET:
            field_dict["payment_method_id"] = payment_method_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)

        def _parse_package_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                package_id_type_0 = UUID(data)

                return package_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        package_id = _parse_package_id(d.pop("package_id", UNSET))

        def _parse_bundle_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                bundle_id_type_0 = UUID(data)

                return bundle_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        bundle_id = _parse_bundle_id(d.pop("bundle_id", UNSET))

        def _parse_credits_(data: object) -> Literal["max"] | Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credits_type_0 = cast(Literal["max"], data)
            if credits_type_0 != "max":
                raise ValueError(
                    f"credits_type_0 must match const 'max', got '{credits_type_0}'"
                )
            return credits_type_0
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                credits_type_1 = Money.from_dict(data)

                return credits_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Literal["max"] | Money | None | Unset, data)

        credits_ = _parse_credits_(d.pop("credits", UNSET))

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

        pass_body = cls(
            package_id=package_id,
            bundle_id=bundle_id,
            credits_=credits_,
            expected_price=expected_price,
            payment_method_id=payment_method_id,
        )

        return pass_body

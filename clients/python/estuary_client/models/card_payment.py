from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.card_payment_status import CardPaymentStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.card_error import CardError


T = TypeVar("T", bound="CardPayment")


@_attrs_define
class CardPayment:
    """How a try with a saved card ended; the words are those of the client's own tries.

    `next_action_url`: the bank wants to see the client there.

        Attributes:
            status (CardPaymentStatus):
            error (CardError | None | Unset):
            next_action_url (None | str | Unset):
    """

    status: CardPaymentStatus
    error: CardError | None | Unset = UNSET
    next_action_url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.card_error import CardError

        status = self.status.value

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, CardError):
            error = self.error.to_dict()
        else:
            error = self.error

        next_action_url: None | str | Unset
        if isinstance(self.next_action_url, Unset):
            next_action_url = UNSET
        else:
            next_action_url = self.next_action_url

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
            }
        )
        if error is not UNSET:
            field_dict["error"] = error
        if next_action_url is not UNSET:
            field_dict["next_action_url"] = next_action_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.card_error import CardError

        d = dict(src_dict)
        status = CardPaymentStatus(d.pop("status"))

        def _parse_error(data: object) -> CardError | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = CardError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CardError | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_next_action_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_action_url = _parse_next_action_url(d.pop("next_action_url", UNSET))

        card_payment = cls(
            status=status,
            error=error,
            next_action_url=next_action_url,
        )

        card_payment.additional_properties = d
        return card_payment

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

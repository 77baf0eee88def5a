from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="OrderLineView")


@_attrs_define
class OrderLineView:
    """What was sold, and the commission rate that was frozen with it. No practitioner: the platform sold it.

    `commission_amount` is the platform's share of what no refund took, also of what it pays of the price itself.

        Attributes:
            id (UUID):
            practitioner_id (None | UUID):
            booking_id (None | UUID):
            pass_session_id (None | UUID):
            subject_id (None | UUID):
            description (str):
            gross_amount (Money):
            tax (Money):
            commission_rate (str):
            commission_amount (Money):
            refunded (Money):
    """

    id: UUID
    practitioner_id: None | UUID
    booking_id: None | UUID
    pass_session_id: None | UUID
    subject_id: None | UUID
    description: str
    gross_amount: Money
    tax: Money
    commission_rate: str
    commission_amount: Money
    refunded: Money
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id: None | str
        if isinstance(self.practitioner_id, UUID):
            practitioner_id = str(self.practitioner_id)
        else:
            practitioner_id = self.practitioner_id

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        pass_session_id: None | str
        if isinstance(self.pass_session_id, UUID):
            pass_session_id = str(self.pass_session_id)
        else:
            pass_session_id = self.pass_session_id

        subject_id: None | str
        if isinstance(self.subject_id, UUID):
            subject_id = str(self.subject_id)
        else:
            subject_id = self.subject_id

        description = self.description

        gross_amount = self.gross_amount.to_dict()

        tax = self.tax.to_dict()

        commission_rate = self.commission_rate

        commission_amount = self.commission_amount.to_dict()

        refunded = self.refunded.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "booking_id": booking_id,
                "pass_session_id": pass_session_id,
                "subject_id": subject_id,
                "description": description,
                "gross_amount": gross_amount,
                "tax": tax,
                "commission_rate": commission_rate,
                "commission_amount": commission_amount,
                "refunded": refunded,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        def _parse_practitioner_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                practitioner_id_type_0 = UUID(data)

                return practitioner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        practitioner_id = _parse_practitioner_id(d.pop("practitioner_id"))

        def _parse_booking_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                booking_id_type_0 = UUID(data)

                return booking_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        booking_id = _parse_booking_id(d.pop("booking_id"))

        def _parse_pass_session_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pass_session_id_type_0 = UUID(data)

                return pass_session_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        pass_session_id = _parse_pass_session_id(d.pop("pass_session_id"))

        def _parse_subject_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                subject_id_type_0 = UUID(data)

                return subject_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        subject_id = _parse_subject_id(d.pop("subject_id"))

        description = d.pop("description")

        gross_amount = Money.from_dict(d.pop("gross_amount"))

        tax = Money.from_dict(d.pop("tax"))

        commission_rate = d.pop("commission_rate")

        commission_amount = Money.from_dict(d.pop("commission_amount"))

        refunded = Money.from_dict(d.pop("refunded"))

        order_line_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            booking_id=booking_id,
            pass_session_id=pass_session_id,
            subject_id=subject_id,
            description=description,
            gross_amount=gross_amount,
            tax=tax,
            commission_rate=commission_rate,
            commission_amount=commission_amount,
            refunded=refunded,
        )

        order_line_view.additional_properties = d
        return order_line_view

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

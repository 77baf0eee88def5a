from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.pass_status import PassStatus

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.pass_session_view import PassSessionView
    from ..models.payment_view import PaymentView


T = TypeVar("T", bound="PassView")


@_attrs_define
class PassView:
    """A pass. `payment` is shown to its client only, while it is pending, its `client_secret` to tokens with
    `payments.write` alone. `completed` sessions are used, `remaining` ones open.

        Attributes:
            id (UUID):
            status (PassStatus): Where a pass stands. `used_up` is shown of an active one without a session to come, and
                never stored.
            client_id (UUID):
            practitioner_id (UUID):
            package_id (UUID):
            title (str):
            price (Money):
            credits_applied (Money):
            amount_due (Money):
            payment (None | PaymentView):
            order_id (None | UUID):
            expires_at (datetime.datetime):
            created_at (datetime.datetime):
            cancelled_at (datetime.datetime | None):
            sessions (list[PassSessionView]):
            completed (int):
            remaining (int):
    """

    id: UUID
    status: PassStatus
    client_id: UUID
    practitioner_id: UUID
    package_id: UUID
    title: str
    price: Money
    credits_applied: Money
    amount_due: Money
    payment: None | PaymentView
    order_id: None | UUID
    expires_at: datetime.datetime
    created_at: datetime.datetime
    cancelled_at: datetime.datetime | None
    sessions: list[PassSessionView]
    completed: int
    remaining: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.payment_view import PaymentView

        id = str(self.id)

        status = self.status.value

        client_id = str(self.client_id)

        practitioner_id = str(self.practitioner_id)

        package_id = str(self.package_id)

        title = self.title

        price = self.price.to_dict()

        credits_applied = self.credits_applied.to_dict()

        amount_due = self.amount_due.to_dict()

        payment: dict[str, Any] | None
        if isinstance(self.payment, PaymentView):
            payment = self.payment.to_dict()
        else:
            payment = self.payment

        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        expires_at = self.expires_at.isoformat()

        created_at = self.created_at.isoformat()

        cancelled_at: None | str
        if isinstance(self.cancelled_at, datetime.datetime):
            cancelled_at = self.cancelled_at.isoformat()
        else:
            cancelled_at = self.cancelled_at

        sessions = []
        for sessions_item_data in self.sessions:
            sessions_item = sessions_item_data.to_dict()
            sessions.append(sessions_item)

        completed = self.completed

        remaining = self.remaining

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "status": status,
                "client_id": client_id,
                "practitioner_id": practitioner_id,
                "package_id": package_id,
                "title": title,
                "price": price,
                "credits_applied": credits_applied,
                "amount_due": amount_due,
                "payment": payment,
                "order_id": order_id,
                "expires_at": expires_at,
                "created_at": created_at,
                "cancelled_at": cancelled_at,
                "sessions": sessions,
                "completed": completed,
                "remaining": remaining,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money
        from ..models.pass_session_view import PassSessionView
        from ..models.payment_view import PaymentView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        status = PassStatus(d.pop("status"))

        client_id = UUID(d.pop("client_id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        package_id = UUID(d.pop("package_id"))

        title = d.pop("title")

        price = Money.from_dict(d.pop("price"))

        credits_applied = Money.from_dict(d.pop("credits_applied"))

        amount_due = Money.from_dict(d.pop("amount_due"))

        def _parse_payment(data: object) -> None | PaymentView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                payment_type_0 = PaymentView.from_dict(data)

                return payment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PaymentView, data)

        payment = _parse_payment(d.pop("payment"))

        def _parse_order_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                order_id_type_0 = UUID(data)

                return order_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        order_id = _parse_order_id(d.pop("order_id"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_cancelled_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                cancelled_at_type_0 = datetime.datetime.fromisoformat(data)

                return cancelled_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        cancelled_at = _parse_cancelled_at(d.pop("cancelled_at"))

        sessions = []
        _sessions = d.pop("sessions")
        for sessions_item_data in _sessions:
            sessions_item = PassSessionView.from_dict(sessions_item_data)

            sessions.append(sessions_item)

        completed = d.pop("completed")

        remaining = d.pop("remaining")

        pass_view = cls(
            id=id,
            status=status,
            client_id=client_id,
            practitioner_id=practitioner_id,
            package_id=package_id,
            title=title,
            price=price,
            credits_applied=credits_applied,
            amount_due=amount_due,
            payment=payment,
            order_id=order_id,
            expires_at=expires_at,
            created_at=created_at,
            cancelled_at=cancelled_at,
            sessions=sessions,
            completed=completed,
            remaining=remaining,
        )

        pass_view.additional_properties = d
        return pass_view

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

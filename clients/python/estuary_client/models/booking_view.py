from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.booking_delivery import BookingDelivery
from ..models.booking_kind import BookingKind
from ..models.booking_status import BookingStatus
from ..models.booking_view_attendance_type_0 import BookingViewAttendanceType0
from ..models.chargeback import Chargeback

if TYPE_CHECKING:
    from ..models.attendee_view import AttendeeView
    from ..models.booking_client_view import BookingClientView
    from ..models.booking_policy_view import BookingPolicyView
    from ..models.child_view import ChildView
    from ..models.fee_view import FeeView
    from ..models.money import Money
    from ..models.move_view import MoveView
    from ..models.payment_view import PaymentView


T = TypeVar("T", bound="BookingView")


@_attrs_define
class BookingView:
    """A booking. `payment` and `order_id` are shown to its client only; `payment` while it is pending, its
    `client_secret` to tokens with `payments.write` alone. `value` is the price of the seat, whoever pays it.

    `client` is shown to everybody else who may see it, `check_in_code` to the client alone: whoever shows it is there.
    `children` are those of a parent, in order of time.

        Attributes:
            id (UUID):
            kind (BookingKind): What was bought: one seat, or several together, of which each is a child of one parent,
                which holds no seat.
            parent_booking_id (None | UUID):
            status (BookingStatus): Where a booking stands, as a client sees it.
            service_id (UUID):
            service_title (str):
            practitioner_id (UUID):
            client_id (UUID):
            client (BookingClientView | None):
            start_time (datetime.datetime):
            end_time (datetime.datetime):
            timezone (str):
            delivery (BookingDelivery): Where a session takes place.
            session_id (None | UUID):
            location_id (None | UUID):
            decide_by (datetime.datetime | None):
            requested_start_time (datetime.datetime | None):
            move (MoveView | None):
            total (Money):
            value (Money):
            credits_applied (Money):
            amount_due (Money):
            payment (None | PaymentView):
            order_id (None | UUID):
            pass_id (None | UUID):
            notes (None | str):
            created_at (datetime.datetime):
            attendance (BookingViewAttendanceType0 | None):
            completed_at (datetime.datetime | None):
            cancelled_at (datetime.datetime | None):
            children (list[ChildView]):
            attendee (AttendeeView | None):
            chargeback (Chargeback | None):
            policy (BookingPolicyView): All of the price goes back until `full_hours` before the start, `part_percent` of it
                until `part_hours`.
            check_in_code (None | str):
            fee (FeeView | None):
    """

    id: UUID
    kind: BookingKind
    parent_booking_id: None | UUID
    status: BookingStatus
    service_id: UUID
    service_title: str
    practitioner_id: UUID
    client_id: UUID
    client: BookingClientView | None
    start_time: datetime.datetime
    end_time: datetime.datetime
    timezone: str
    delivery: BookingDelivery
    session_id: None | UUID
    location_id: None | UUID
    decide_by: datetime.datetime | None
    requested_start_time: datetime.datetime | None
    move: MoveView | None
    total: Money
    value: Money
    credits_applied: Money
    amount_due: Money
    payment: None | PaymentView
    order_id: None | UUID
    pass_id: None | UUID
    notes: None | str
    created_at: datetime.datetime
    attendance: BookingViewAttendanceType0 | None
    completed_at: datetime.datetime | None
    cancelled_at: datetime.datetime | None
    children: list[ChildView]
    attendee: AttendeeView | None
    chargeback: Chargeback | None
    policy: BookingPolicyView
    check_in_code: None | str
    fee: FeeView | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.attendee_view import AttendeeView
        from ..models.booking_client_view import BookingClientView
        from ..models.fee_view import FeeView
        from ..models.move_view import MoveView
        from ..models.payment_view import PaymentView

        id = str(self.id)

        kind = self.kind.value

        parent_booking_id: None | str
        if isinstance(self.parent_booking_id, UUID):
            parent_booking_id = str(self.parent_booking_id)
        else:
            parent_booking_id = self.parent_booking_id

        status = self.status.value

        service_id = str(self.service_id)

        service_title = self.service_title

        practitioner_id = str(self.practitioner_id)

        client_id = str(self.client_id)

        client: dict[str, Any] | None
        if isinstance(self.client, BookingClientView):
            client = self.client.to_dict()
        else:
            client = self.client

        start_time = self.start_time.isoformat()

        end_time = self.end_time.isoformat()

        timezone = self.timezone

        delivery = self.delivery.value

        session_id: None | str
        if isinstance(self.session_id, UUID):
            session_id = str(self.session_id)
        else:
            session_id = self.session_id

        location_id: None | str
        if isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        decide_by: None | str
        if isinstance(self.decide_by, datetime.datetime):
            decide_by = self.decide_by.isoformat()
        else:
            decide_by = self.decide_by

        requested_start_time: None | str
        if isinstance(self.requested_start_time, datetime.datetime):
            requested_start_time = self.requested_start_time.isoformat()
        else:
            requested_start_time = self.requested_start_time

        move: dict[str, Any] | None
        if isinstance(self.move, MoveView):
            move = self.move.to_dict()
        else:
            move = self.move

        total = self.total.to_dict()

        value = self.value.to_dict()

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

        pass_id: None | str
        if isinstance(self.pass_id, UUID):
            pass_id = str(self.pass_id)
        else:
            pass_id = self.pass_id

        notes: None | str
        notes = self.notes

        created_at = self.created_at.isoformat()

        attendance: None | str
        if isinstance(self.attendance, BookingViewAttendanceType0):
            attendance = self.attendance.value
        else:
            attendance = self.attendance

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        cancelled_at: None | str
        if isinstance(self.cancelled_at, datetime.datetime):
            cancelled_at = self.cancelled_at.isoformat()
        else:
            cancelled_at = self.cancelled_at

        children = []
        for children_item_data in self.children:
            children_item = children_item_data.to_dict()
            children.append(children_item)

        attendee: dict[str, Any] | None
        if isinstance(self.attendee, AttendeeView):
            attendee = self.attendee.to_dict()
        else:
            attendee = self.attendee

        chargeback: None | str
        if isinstance(self.chargeback, Chargeback):
            chargeback = self.chargeback.value
        else:
            chargeback = self.chargeback

        policy = self.policy.to_dict()

        check_in_code: None | str
        check_in_code = self.check_in_code

        fee: dict[str, Any] | None
        if isinstance(self.fee, FeeView):
            fee = self.fee.to_dict()
        else:
            fee = self.fee

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "parent_booking_id": parent_booking_id,
                "status": status,
                "service_id": service_id,
                "service_title": service_title,
                "practitioner_id": practitioner_id,
                "client_id": client_id,
                "client": client,
                "start_time": start_time,
                "end_time": end_time,
                "timezone": timezone,
                "delivery": delivery,
                "session_id": session_id,
                "location_id": location_id,
                "decide_by": decide_by,
                "requested_start_time": requested_start_time,
                "move": move,
                "total": total,
                "value": value,
                "credits_applied": credits_applied,
                "amount_due": amount_due,
                "payment": payment,
                "order_id": order_id,
                "pass_id": pass_id,
                "notes": notes,
                "created_at": created_at,
                "attendance": attendance,
                "completed_at": completed_at,
                "cancelled_at": cancelled_at,
                "children": children,
                "attendee": attendee,
                "chargeback": chargeback,
                "policy": policy,
                "check_in_code": check_in_code,
                "fee": fee,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.attendee_view import AttendeeView
        from ..models.booking_client_view import BookingClientView
        from ..models.booking_policy_view import BookingPolicyView
        from ..models.child_view import ChildView
        from ..models.fee_view import FeeView
        from ..models.money import Money
        from ..models.move_view import MoveView
        from ..models.payment_view import PaymentView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = BookingKind(d.pop("kind"))

        def _parse_parent_booking_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                parent_booking_id_type_0 = UUID(data)

                return parent_booking_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        parent_booking_id = _parse_parent_booking_id(d.pop("parent_booking_id"))

        status = BookingStatus(d.pop("status"))

        service_id = UUID(d.pop("service_id"))

        service_title = d.pop("service_title")

        practitioner_id = UUID(d.pop("practitioner_id"))

        client_id = UUID(d.pop("client_id"))

        def _parse_client(data: object) -> BookingClientView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_type_0 = BookingClientView.from_dict(data)

                return client_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BookingClientView | None, data)

        client = _parse_client(d.pop("client"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        end_time = datetime.datetime.fromisoformat(d.pop("end_time"))

        timezone = d.pop("timezone")

        delivery = BookingDelivery(d.pop("delivery"))

        def _parse_session_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                session_id_type_0 = UUID(data)

                return session_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        session_id = _parse_session_id(d.pop("session_id"))

        def _parse_location_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        location_id = _parse_location_id(d.pop("location_id"))

        def _parse_decide_by(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                decide_by_type_0 = datetime.datetime.fromisoformat(data)

                return decide_by_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        decide_by = _parse_decide_by(d.pop("decide_by"))

        def _parse_requested_start_time(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                requested_start_time_type_0 = datetime.datetime.fromisoformat(data)

                return requested_start_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        requested_start_time = _parse_requested_start_time(
            d.pop("requested_start_time")
        )

        def _parse_move(data: object) -> MoveView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                move_type_0 = MoveView.from_dict(data)

                return move_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MoveView | None, data)

        move = _parse_move(d.pop("move"))

        total = Money.from_dict(d.pop("total"))

        value = Money.from_dict(d.pop("value"))

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

        def _parse_pass_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pass_id_type_0 = UUID(data)

                return pass_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        pass_id = _parse_pass_id(d.pop("pass_id"))

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_attendance(data: object) -> BookingViewAttendanceType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attendance_type_0 = BookingViewAttendanceType0(data)

                return attendance_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BookingViewAttendanceType0 | None, data)

        attendance = _parse_attendance(d.pop("attendance"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

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

        children = []
        _children = d.pop("children")
        for children_item_data in _children:
            children_item = ChildView.from_dict(children_item_data)

            children.append(children_item)

        def _parse_attendee(data: object) -> AttendeeView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                attendee_type_0 = AttendeeView.from_dict(data)

                return attendee_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(AttendeeView | None, data)

        attendee = _parse_attendee(d.pop("attendee"))

        def _parse_chargeback(data: object) -> Chargeback | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                chargeback_type_0 = Chargeback(data)

                return chargeback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Chargeback | None, data)

        chargeback = _parse_chargeback(d.pop("chargeback"))

        policy = BookingPolicyView.from_dict(d.pop("policy"))

        def _parse_check_in_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        check_in_code = _parse_check_in_code(d.pop("check_in_code"))

        def _parse_fee(data: object) -> FeeView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fee_type_0 = FeeView.from_dict(data)

                return fee_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(FeeView | None, data)

        fee = _parse_fee(d.pop("fee"))

        booking_view = cls(
            id=id,
            kind=kind,
            parent_booking_id=parent_booking_id,
            status=status,
            service_id=service_id,
            service_title=service_title,
            practitioner_id=practitioner_id,
            client_id=client_id,
            client=client,
            start_time=start_time,
            end_time=end_time,
            timezone=timezone,
            delivery=delivery,
            session_id=session_id,
            location_id=location_id,
            decide_by=decide_by,
            requested_start_time=requested_start_time,
            move=move,
            total=total,
            value=value,
            credits_applied=credits_applied,
            amount_due=amount_due,
            payment=payment,
            order_id=order_id,
            pass_id=pass_id,
            notes=notes,
            created_at=created_at,
            attendance=attendance,
            completed_at=completed_at,
            cancelled_at=cancelled_at,
            children=children,
            attendee=attendee,
            chargeback=chargeback,
            policy=policy,
            check_in_code=check_in_code,
            fee=fee,
        )

        booking_view.additional_properties = d
        return booking_view

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

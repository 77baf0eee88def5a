from __future__ import annotations

import datetime
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
    from ..models.attendee import Attendee
    from ..models.money import Money
    from ..models.repeat import Repeat


T = TypeVar("T", bound="BookBody")


@_attrs_define
class BookBody:
    """A seat of a service at a start, one for each of the `attendees`, or one again and again with `repeat`; of a
    course, which has no start of its own, a seat in each session that is left.

    `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing is booked at another
    price, which is that of all seats. `payment_method_id` is a saved card that pays what is due at once. With
    `use_membership` a session of the client's membership pays the seat, with `pass_id` sessions of that pass the seats.

        Attributes:
            service_id (UUID):
            start_time (datetime.datetime | None | Unset):
            location_id (None | Unset | UUID):
            attendees (list[Attendee] | None | Unset):
            repeat (None | Repeat | Unset):
            credits_ (Literal['max'] | Money | None | Unset):
            notes (None | str | Unset):
            expected_price (Money | None | Unset):
            payment_method_id (None | Unset | UUID):
            use_membership (bool | None | Unset):
            pass_id (None | Unset | UUID):
    """

    service_id: UUID
    start_time: datetime.datetime | None | Unset = UNSET
    location_id: None | Unset | UUID = UNSET
    attendees: list[Attendee] | None | Unset = UNSET
    repeat: None | Repeat | Unset = UNSET
    credits_: Literal["max"] | Money | None | Unset = UNSET
    notes: None | str | Unset = UNSET
    expected_price: Money | None | Unset = UNSET
    payment_method_id: None | Unset | UUID = UNSET
    use_membership: bool | None | Unset = UNSET
    pass_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money
        from ..models.repeat import Repeat

        service_id = str(self.service_id)

        start_time: None | str | Unset
        if isinstance(self.start_time, Unset):
            start_time = UNSET
        elif isinstance(self.start_time, datetime.datetime):
            start_time = self.start_time.isoformat()
        else:
            start_time = self.start_time

        location_id: None | str | Unset
        if isinstance(self.location_id, Unset):
            location_id = UNSET
        elif isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        attendees: list[dict[str, Any]] | None | Unset
        if isinstance(self.attendees, Unset):
            attendees = UNSET
        elif isinstance(self.attendees, list):
            attendees = []
            for attendees_type_0_item_data in self.attendees:
                attendees_type_0_item = attendees_type_0_item_data.to_dict()
                attendees.append(attendees_type_0_item)

        else:
            attendees = self.attendees

        repeat: dict[str, Any] | None | Unset
        if isinstance(self.repeat, Unset):
            repeat = UNSET
        elif isinstance(self.repeat, Repeat):
            repeat = self.repeat.to_dict()
        else:
            repeat = self.repeat

        credits_: dict[str, Any] | Literal["max"] | None | Unset
        if isinstance(self.credits_, Unset):
            credits_ = UNSET
        elif isinstance(self.credits_, Money):
            credits_ = self.credits_.to_dict()
        else:
            credits_ = self.credits_

        notes: None | str | Unset
        if isinstance(self.notes, Unset):
            notes = UNSET
        else:
            notes = self.notes

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

        use_membership: bool | None | Unset
        if isinstance(self.use_membership, Unset):
            use_membership = UNSET
        else:
            use_membership = self.use_membership

        pass_id: None | str | Unset
        if isinstance(self.pass_id, Unset):
            pass_id = UNSET
        elif isinstance(self.pass_id, UUID):
            pass_id = str(self.pass_id)
        else:
            pass_id = self.pass_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "service_id": service_id,
            }
        )
        if start_time is not UNSET:
            field_dict["start_time"] = start_time
        if location_id is not UNSET:
            field_dict["location_id"] = location_id
        if attendees is not UNSET:
            field_dict["attendees"] = attendees
        if repeat is not UNSET:
            field_dict["repeat"] = repeat
        if credits_ is not UNSET:
            field_dict["credits"] = credits_
        if notes is not UNSET:
            field_dict["notes"] = notes
        if expected_price is not UNSET:
            field_dict["expected_price"] = expected_price
        if payment_method_id is not UNSET:
            field_dict["payment_method_id"] = payment_method_id
        if use_membership is not UNSET:
            field_dict["use_membership"] = use_membership
        if pass_id is not UNSET:
            field_dict["pass_id"] = pass_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.attendee import Attendee
        from ..models.money import Money
        from ..models.repeat import Repeat

        d = dict(src_dict)
        service_id = UUID(d.pop("service_id"))

        def _parse_start_time(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                start_time_type_0 = datetime.datetime.fromisoformat(data)

                return start_time_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        start_time = _parse_start_time(d.pop("start_time", UNSET))

        def _parse_location_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        location_id = _parse_location_id(d.pop("location_id", UNSET))

        def _parse_attendees(data: object) -> list[Attendee] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                attendees_type_0 = []
                _attendees_type_0 = data
                for attendees_type_0_item_data in _attendees_type_0:
                    attendees_type_0_item = Attendee.from_dict(
                        attendees_type_0_item_data
                    )

                    attendees_type_0.append(attendees_type_0_item)

                return attendees_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Attendee] | None | Unset, data)

        attendees = _parse_attendees(d.pop("attendees", UNSET))

        def _parse_repeat(data: object) -> None | Repeat | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                repeat_type_0 = Repeat.from_dict(data)

                return repeat_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Repeat | Unset, data)

        repeat = _parse_repeat(d.pop("repeat", UNSET))

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

        def _parse_notes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        notes = _parse_notes(d.pop("notes", UNSET))

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

        def _parse_use_membership(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        use_membership = _parse_use_membership(d.pop("use_membership", UNSET))

        def _parse_pass_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pass_id_type_0 = UUID(data)

                return pass_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        pass_id = _parse_pass_id(d.pop("pass_id", UNSET))

        book_body = cls(
            service_id=service_id,
            start_time=start_time,
            location_id=location_id,
            attendees=attendees,
            repeat=repeat,
            credits_=credits_,
            notes=notes,
            expected_price=expected_price,
            payment_method_id=payment_method_id,
            use_membership=use_membership,
            pass_id=pass_id,
        )

        return book_body

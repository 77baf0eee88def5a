from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.booking_status import BookingStatus

if TYPE_CHECKING:
    from ..models.attendee_view import AttendeeView


T = TypeVar("T", bound="ChildView")


@_attrs_define
class ChildView:
    """One session of a booking of several.

    Attributes:
        id (UUID):
        session_id (None | UUID):
        start_time (datetime.datetime):
        end_time (datetime.datetime):
        status (BookingStatus): Where a booking stands, as a client sees it.
        attendance (None | str):
        attendee (AttendeeView | None):
    """

    id: UUID
    session_id: None | UUID
    start_time: datetime.datetime
    end_time: datetime.datetime
    status: BookingStatus
    attendance: None | str
    attendee: AttendeeView | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.attendee_view import AttendeeView

        id = str(self.id)

        session_id: None | str
        if isinstance(self.session_id, UUID):
            session_id = str(self.session_id)
        else:
            session_id = self.session_id

        start_time = self.start_time.isoformat()

        end_time = self.end_time.isoformat()

        status = self.status.value

        attendance: None | str
        attendance = self.attendance

        attendee: dict[str, Any] | None
        if isinstance(self.attendee, AttendeeView):
            attendee = self.attendee.to_dict()
        else:
            attendee = self.attendee

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "session_id": session_id,
                "start_time": start_time,
                "end_time": end_time,
                "status": status,
                "attendance": attendance,
                "attendee": attendee,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.attendee_view import AttendeeView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

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

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        end_time = datetime.datetime.fromisoformat(d.pop("end_time"))

        status = BookingStatus(d.pop("status"))

        def _parse_attendance(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        attendance = _parse_attendance(d.pop("attendance"))

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

        child_view = cls(
            id=id,
            session_id=session_id,
            start_time=start_time,
            end_time=end_time,
            status=status,
            attendance=attendance,
            attendee=attendee,
        )

        child_view.additional_properties = d
        return child_view

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

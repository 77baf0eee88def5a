from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.roster_entry_attendance_type_0 import RosterEntryAttendanceType0

if TYPE_CHECKING:
    from ..models.attendee_view import AttendeeView


T = TypeVar("T", bound="RosterEntry")


@_attrs_define
class RosterEntry:
    """A booking of the session, and who comes in place of its client, if another one does.

    `minutes_present`: how long a video room saw them; null where none did.

        Attributes:
            booking_id (UUID):
            client_name (None | str):
            attendee (AttendeeView | None):
            attendance (None | RosterEntryAttendanceType0):
            checked_in_at (datetime.datetime | None):
            minutes_present (int | None):
    """

    booking_id: UUID
    client_name: None | str
    attendee: AttendeeView | None
    attendance: None | RosterEntryAttendanceType0
    checked_in_at: datetime.datetime | None
    minutes_present: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.attendee_view import AttendeeView

        booking_id = str(self.booking_id)

        client_name: None | str
        client_name = self.client_name

        attendee: dict[str, Any] | None
        if isinstance(self.attendee, AttendeeView):
            attendee = self.attendee.to_dict()
        else:
            attendee = self.attendee

        attendance: None | str
        if isinstance(self.attendance, RosterEntryAttendanceType0):
            attendance = self.attendance.value
        else:
            attendance = self.attendance

        checked_in_at: None | str
        if isinstance(self.checked_in_at, datetime.datetime):
            checked_in_at = self.checked_in_at.isoformat()
        else:
            checked_in_at = self.checked_in_at

        minutes_present: int | None
        minutes_present = self.minutes_present

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "booking_id": booking_id,
                "client_name": client_name,
                "attendee": attendee,
                "attendance": attendance,
                "checked_in_at": checked_in_at,
                "minutes_present": minutes_present,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.attendee_view import AttendeeView

        d = dict(src_dict)
        booking_id = UUID(d.pop("booking_id"))

        def _parse_client_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_name = _parse_client_name(d.pop("client_name"))

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

        def _parse_attendance(data: object) -> None | RosterEntryAttendanceType0:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                attendance_type_0 = RosterEntryAttendanceType0(data)

                return attendance_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | RosterEntryAttendanceType0, data)

        attendance = _parse_attendance(d.pop("attendance"))

        def _parse_checked_in_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                checked_in_at_type_0 = datetime.datetime.fromisoformat(data)

                return checked_in_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        checked_in_at = _parse_checked_in_at(d.pop("checked_in_at"))

        def _parse_minutes_present(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        minutes_present = _parse_minutes_present(d.pop("minutes_present"))

        roster_entry = cls(
            booking_id=booking_id,
            client_name=client_name,
            attendee=attendee,
            attendance=attendance,
            checked_in_at=checked_in_at,
            minutes_present=minutes_present,
        )

        roster_entry.additional_properties = d
        return roster_entry

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

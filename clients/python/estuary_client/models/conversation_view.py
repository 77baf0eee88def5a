from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.message_view import MessageView
    from ..models.participant_view import ParticipantView


T = TypeVar("T", bound="ConversationView")


@_attrs_define
class ConversationView:
    """A conversation as one of its participants sees it.

    Attributes:
        id (UUID):
        participants (list[ParticipantView]):
        booking_id (None | UUID):
        subject (None | str):
        status (str):
        last_message (MessageView | None):
        unread_count (int):
        created_at (datetime.datetime):
    """

    id: UUID
    participants: list[ParticipantView]
    booking_id: None | UUID
    subject: None | str
    status: str
    last_message: MessageView | None
    unread_count: int
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.message_view import MessageView

        id = str(self.id)

        participants = []
        for participants_item_data in self.participants:
            participants_item = participants_item_data.to_dict()
            participants.append(participants_item)

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        subject: None | str
        subject = self.subject

        status = self.status

        last_message: dict[str, Any] | None
        if isinstance(self.last_message, MessageView):
            last_message = self.last_message.to_dict()
        else:
            last_message = self.last_message

        unread_count = self.unread_count

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "participants": participants,
                "booking_id": booking_id,
                "subject": subject,
                "status": status,
                "last_message": last_message,
                "unread_count": unread_count,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.message_view import MessageView
        from ..models.participant_view import ParticipantView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        participants = []
        _participants = d.pop("participants")
        for participants_item_data in _participants:
            participants_item = ParticipantView.from_dict(participants_item_data)

            participants.append(participants_item)

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

        def _parse_subject(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        subject = _parse_subject(d.pop("subject"))

        status = d.pop("status")

        def _parse_last_message(data: object) -> MessageView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                last_message_type_0 = MessageView.from_dict(data)

                return last_message_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(MessageView | None, data)

        last_message = _parse_last_message(d.pop("last_message"))

        unread_count = d.pop("unread_count")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        conversation_view = cls(
            id=id,
            participants=participants,
            booking_id=booking_id,
            subject=subject,
            status=status,
            last_message=last_message,
            unread_count=unread_count,
            created_at=created_at,
        )

        conversation_view.additional_properties = d
        return conversation_view

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MessageView")


@_attrs_define
class MessageView:
    """A message, in answers and as the data of `message.created`.

    Attributes:
        id (UUID):
        conversation_id (UUID):
        sender_id (UUID):
        body (str):
        client_id (None | str):
        created_at (datetime.datetime):
    """

    id: UUID
    conversation_id: UUID
    sender_id: UUID
    body: str
    client_id: None | str
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        conversation_id = str(self.conversation_id)

        sender_id = str(self.sender_id)

        body = self.body

        client_id: None | str
        client_id = self.client_id

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "conversation_id": conversation_id,
                "sender_id": sender_id,
                "body": body,
                "client_id": client_id,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        conversation_id = UUID(d.pop("conversation_id"))

        sender_id = UUID(d.pop("sender_id"))

        body = d.pop("body")

        def _parse_client_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_id = _parse_client_id(d.pop("client_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        message_view = cls(
            id=id,
            conversation_id=conversation_id,
            sender_id=sender_id,
            body=body,
            client_id=client_id,
            created_at=created_at,
        )

        message_view.additional_properties = d
        return message_view

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.notification_view_data import NotificationViewData


T = TypeVar("T", bound="NotificationView")


@_attrs_define
class NotificationView:
    """A notification, in the list and as the data of `notification.created`.

    Attributes:
        id (UUID):
        type_ (str):
        title (str):
        body (str):
        data (NotificationViewData):
        read_at (datetime.datetime | None):
        created_at (datetime.datetime):
    """

    id: UUID
    type_: str
    title: str
    body: str
    data: NotificationViewData
    read_at: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        type_ = self.type_

        title = self.title

        body = self.body

        data = self.data.to_dict()

        read_at: None | str
        if isinstance(self.read_at, datetime.datetime):
            read_at = self.read_at.isoformat()
        else:
            read_at = self.read_at

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "type": type_,
                "title": title,
                "body": body,
                "data": data,
                "read_at": read_at,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.notification_view_data import NotificationViewData

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        type_ = d.pop("type")

        title = d.pop("title")

        body = d.pop("body")

        data = NotificationViewData.from_dict(d.pop("data"))

        def _parse_read_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                read_at_type_0 = datetime.datetime.fromisoformat(data)

                return read_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        read_at = _parse_read_at(d.pop("read_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        notification_view = cls(
            id=id,
            type_=type_,
            title=title,
            body=body,
            data=data,
            read_at=read_at,
            created_at=created_at,
        )

        notification_view.additional_properties = d
        return notification_view

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

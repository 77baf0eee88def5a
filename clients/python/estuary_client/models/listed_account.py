from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.listed_account_status import ListedAccountStatus
from ..models.role import Role

T = TypeVar("T", bound="ListedAccount")


@_attrs_define
class ListedAccount:
    """An account in a list.

    Attributes:
        id (UUID):
        email (str):
        first_name (str):
        last_name (str):
        roles (list[Role]):
        practitioner_id (None | UUID):
        status (ListedAccountStatus):
        is_verified (bool):
        created_at (datetime.datetime):
    """

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: None | UUID
    status: ListedAccountStatus
    is_verified: bool
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        email = self.email

        first_name = self.first_name

        last_name = self.last_name

        roles = []
        for roles_item_data in self.roles:
            roles_item = roles_item_data.value
            roles.append(roles_item)

        practitioner_id: None | str
        if isinstance(self.practitioner_id, UUID):
            practitioner_id = str(self.practitioner_id)
        else:
            practitioner_id = self.practitioner_id

        status = self.status.value

        is_verified = self.is_verified

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "email": email,
                "first_name": first_name,
                "last_name": last_name,
                "roles": roles,
                "practitioner_id": practitioner_id,
                "status": status,
                "is_verified": is_verified,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        email = d.pop("email")

        first_name = d.pop("first_name")

        last_name = d.pop("last_name")

        roles = []
        _roles = d.pop("roles")
        for roles_item_data in _roles:
            roles_item = Role(roles_item_data)

            roles.append(roles_item)

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

        status = ListedAccountStatus(d.pop("status"))

        is_verified = d.pop("is_verified")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        listed_account = cls(
            id=id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            roles=roles,
            practitioner_id=practitioner_id,
            status=status,
            is_verified=is_verified,
            created_at=created_at,
        )

        listed_account.additional_properties = d
        return listed_account

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

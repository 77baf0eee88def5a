from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.identity_account_view_status import IdentityAccountViewStatus
from ..models.role import Role
from ..types import UNSET, Unset

T = TypeVar("T", bound="IdentityAccountView")


@_attrs_define
class IdentityAccountView:
    """One account; `has_password`: it can be signed in to by password.

    Attributes:
        id (UUID):
        email (str):
        first_name (str):
        last_name (str):
        roles (list[Role]):
        practitioner_id (None | UUID):
        status (IdentityAccountViewStatus):
        is_verified (bool):
        created_at (datetime.datetime):
        phone (None | str):
        location (None | str):
        timezone (None | str):
        locale (None | str):
        has_password (bool):
        updated_at (datetime.datetime):
        suspended_at (datetime.datetime | None):
        deactivated_at (datetime.datetime | None):
        mfa_enabled (bool | Unset):  Default: False.
    """

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: None | UUID
    status: IdentityAccountViewStatus
    is_verified: bool
    created_at: datetime.datetime
    phone: None | str
    location: None | str
    timezone: None | str
    locale: None | str
    has_password: bool
    updated_at: datetime.datetime
    suspended_at: datetime.datetime | None
    deactivated_at: datetime.datetime | None
    mfa_enabled: bool | Unset = False
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

        phone: None | str
        phone = self.phone

        location: None | str
        location = self.location

        timezone: None | str
        timezone = self.timezone

        locale: None | str
        locale = self.locale

        has_password = self.has_password

        updated_at = self.updated_at.isoformat()

        suspended_at: None | str
        if isinstance(self.suspended_at, datetime.datetime):
            suspended_at = self.suspended_at.isoformat()
        else:
            suspended_at = self.suspended_at

        deactivated_at: None | str
        if isinstance(self.deactivated_at, datetime.datetime):
            deactivated_at = self.deactivated_at.isoformat()
        else:
            deactivated_at = self.deactivated_at

        mfa_enabled = self.mfa_enabled

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
                "phone": phone,
                "location": location,
                "timezone": timezone,
                "locale": locale,
                "has_password": has_password,
                "updated_at": updated_at,
                "suspended_at": suspended_at,
                "deactivated_at": deactivated_at,
            }
        )
        if mfa_enabled is not UNSET:
            field_dict["mfa_enabled"] = mfa_enabled

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

        status = IdentityAccountViewStatus(d.pop("status"))

        is_verified = d.pop("is_verified")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phone = _parse_phone(d.pop("phone"))

        def _parse_location(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        location = _parse_location(d.pop("location"))

        def _parse_timezone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        timezone = _parse_timezone(d.pop("timezone"))

        def _parse_locale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        locale = _parse_locale(d.pop("locale"))

        has_password = d.pop("has_password")

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_suspended_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                suspended_at_type_0 = datetime.datetime.fromisoformat(data)

                return suspended_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        suspended_at = _parse_suspended_at(d.pop("suspended_at"))

        def _parse_deactivated_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                deactivated_at_type_0 = datetime.datetime.fromisoformat(data)

                return deactivated_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        deactivated_at = _parse_deactivated_at(d.pop("deactivated_at"))

        mfa_enabled = d.pop("mfa_enabled", UNSET)

        identity_account_view = cls(
            id=id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            roles=roles,
            practitioner_id=practitioner_id,
            status=status,
            is_verified=is_verified,
            created_at=created_at,
            phone=phone,
            location=location,
            timezone=timezone,
            locale=locale,
            has_password=has_password,
            updated_at=updated_at,
            suspended_at=suspended_at,
            deactivated_at=deactivated_at,
            mfa_enabled=mfa_enabled,
        )

        identity_account_view.additional_properties = d
        return identity_account_view

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.role import Role
from ..models.user_view_status import UserViewStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_view_preferences import UserViewPreferences


T = TypeVar("T", bound="UserView")


@_attrs_define
class UserView:
    """The account as its owner sees it: what they said of themselves, and how it can be signed in to.

    Attributes:
        id (UUID):
        email (str):
        first_name (str):
        last_name (str):
        roles (list[Role]):
        practitioner_id (None | UUID):
        is_verified (bool):
        timezone (None | str):
        phone (None | str):
        bio (None | str):
        location (None | str):
        locale (None | str):
        preferences (UserViewPreferences):
        status (UserViewStatus):
        has_password (bool):
        mfa_enabled (bool):
        created_at (datetime.datetime):
        providers (list[str] | Unset):
        pending_consents (list[str] | Unset):
    """

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: None | UUID
    is_verified: bool
    timezone: None | str
    phone: None | str
    bio: None | str
    location: None | str
    locale: None | str
    preferences: UserViewPreferences
    status: UserViewStatus
    has_password: bool
    mfa_enabled: bool
    created_at: datetime.datetime
    providers: list[str] | Unset = UNSET
    pending_consents: list[str] | Unset = UNSET
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

        is_verified = self.is_verified

        timezone: None | str
        timezone = self.timezone

        phone: None | str
        phone = self.phone

        bio: None | str
        bio = self.bio

        location: None | str
        location = self.location

        locale: None | str
        locale = self.locale

        preferences = self.preferences.to_dict()

        status = self.status.value

        has_password = self.has_password

        mfa_enabled = self.mfa_enabled

        created_at = self.created_at.isoformat()

        providers: list[str] | Unset = UNSET
        if not isinstance(self.providers, Unset):
            providers = self.providers

        pending_consents: list[str] | Unset = UNSET
        if not isinstance(self.pending_consents, Unset):
            pending_consents = self.pending_consents

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
                "is_verified": is_verified,
                "timezone": timezone,
                "phone": phone,
                "bio": bio,
                "location": location,
                "locale": locale,
                "preferences": preferences,
                "status": status,
                "has_password": has_password,
                "mfa_enabled": mfa_enabled,
                "created_at": created_at,
            }
        )
        if providers is not UNSET:
            field_dict["providers"] = providers
        if pending_consents is not UNSET:
            field_dict["pending_consents"] = pending_consents

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.user_view_preferences import UserViewPreferences

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

        is_verified = d.pop("is_verified")

        def _parse_timezone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        timezone = _parse_timezone(d.pop("timezone"))

        def _parse_phone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        phone = _parse_phone(d.pop("phone"))

        def _parse_bio(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        bio = _parse_bio(d.pop("bio"))

        def _parse_location(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        location = _parse_location(d.pop("location"))

        def _parse_locale(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        locale = _parse_locale(d.pop("locale"))

        preferences = UserViewPreferences.from_dict(d.pop("preferences"))

        status = UserViewStatus(d.pop("status"))

        has_password = d.pop("has_password")

        mfa_enabled = d.pop("mfa_enabled")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        providers = cast(list[str], d.pop("providers", UNSET))

        pending_consents = cast(list[str], d.pop("pending_consents", UNSET))

        user_view = cls(
            id=id,
            email=email,
            first_name=first_name,
            last_name=last_name,
            roles=roles,
            practitioner_id=practitioner_id,
            is_verified=is_verified,
            timezone=timezone,
            phone=phone,
            bio=bio,
            location=location,
            locale=locale,
            preferences=preferences,
            status=status,
            has_password=has_password,
            mfa_enabled=mfa_enabled,
            created_at=created_at,
            providers=providers,
            pending_consents=pending_consents,
        )

        user_view.additional_properties = d
        return user_view

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

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.user_change_preferences_type_0 import UserChangePreferencesType0


T = TypeVar("T", bound="UserChange")


@_attrs_define
class UserChange:
    """What the account's owner may change: what is left out stays, null empties; names cannot be empty.

    `preferences` are an app's own, merged by key: a key that is null goes.

        Attributes:
            first_name (str | Unset):
            last_name (str | Unset):
            timezone (None | str | Unset):
            phone (None | str | Unset):
            bio (None | str | Unset):
            location (None | str | Unset):
            locale (None | str | Unset):
            preferences (None | Unset | UserChangePreferencesType0):
    """

    first_name: str | Unset = UNSET
    last_name: str | Unset = UNSET
    timezone: None | str | Unset = UNSET
    phone: None | str | Unset = UNSET
    bio: None | str | Unset = UNSET
    location: None | str | Unset = UNSET
    locale: None | str | Unset = UNSET
    preferences: None | Unset | UserChangePreferencesType0 = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.user_change_preferences_type_0 import UserChangePreferencesType0

        first_name = self.first_name

        last_name = self.last_name

        timezone: None | str | Unset
        if isinstance(self.timezone, Unset):
            timezone = UNSET
        else:
            timezone = self.timezone

        phone: None | str | Unset
        if isinstance(self.phone, Unset):
            phone = UNSET
        else:
            phone = self.phone

        bio: None | str | Unset
        if isinstance(self.bio, Unset):
            bio = UNSET
        else:
            bio = self.bio

        location: None | str | Unset
        if isinstance(self.location, Unset):
            location = UNSET
        else:
            location = self.location

        locale: None | str | Unset
        if isinstance(self.locale, Unset):
            locale = UNSET
        else:
            locale = self.locale

        preferences: dict[str, Any] | None | Unset
        if isinstance(self.preferences, Unset):
            preferences = UNSET
        elif isinstance(self.preferences, UserChangePreferencesType0):
            preferences = self.preferences.to_dict()
        else:
            preferences = self.preferences

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if first_name is not UNSET:
            field_dict["first_name"] = first_name
        if last_name is not UNSET:
            field_dict["last_name"] = last_name
        if timezone is not UNSET:
            field_dict["timezone"] = timezone
        if phone is not UNSET:
            field_dict["phone"] = phone
        if bio is not UNSET:
            field_dict["bio"] = bio
        if location is not UNSET:
            field_dict["location"] = location
        if locale is not UNSET:
            field_dict["locale"] = locale
        if preferences is not UNSET:
            field_dict["preferences"] = preferences

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.user_change_preferences_type_0 import UserChangePreferencesType0

        d = dict(src_dict)
        first_name = d.pop("first_name", UNSET)

        last_name = d.pop("last_name", UNSET)

        def _parse_timezone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        timezone = _parse_timezone(d.pop("timezone", UNSET))

        def _parse_phone(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        phone = _parse_phone(d.pop("phone", UNSET))

        def _parse_bio(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        bio = _parse_bio(d.pop("bio", UNSET))

        def _parse_location(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        location = _parse_location(d.pop("location", UNSET))

        def _parse_locale(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        locale = _parse_locale(d.pop("locale", UNSET))

        def _parse_preferences(
            data: object,
        ) -> None | Unset | UserChangePreferencesType0:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                preferences_type_0 = UserChangePreferencesType0.from_dict(data)

                return preferences_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UserChangePreferencesType0, data)

        preferences = _parse_preferences(d.pop("preferences", UNSET))

        user_change = cls(
            first_name=first_name,
            last_name=last_name,
            timezone=timezone,
            phone=phone,
            bio=bio,
            location=location,
            locale=locale,
            preferences=preferences,
        )

        return user_change

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verification_status import VerificationStatus

if TYPE_CHECKING:
    from ..models.onboarding import Onboarding


T = TypeVar("T", bound="OwnPractitioner")


@_attrs_define
class OwnPractitioner:
    """What the practitioner (and staff) sees of one.

    Attributes:
        id (UUID):
        user_id (UUID):
        display_name (str):
        bio (str):
        specializations (list[str]):
        timezone (str):
        verification_status (VerificationStatus): The state of an application.
        created_at (datetime.datetime):
        note (None | str):
        updated_at (datetime.datetime):
        onboarding (Onboarding): The steps that are done, and the first that is not (null when all are).
    """

    id: UUID
    user_id: UUID
    display_name: str
    bio: str
    specializations: list[str]
    timezone: str
    verification_status: VerificationStatus
    created_at: datetime.datetime
    note: None | str
    updated_at: datetime.datetime
    onboarding: Onboarding
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        display_name = self.display_name

        bio = self.bio

        specializations = self.specializations

        timezone = self.timezone

        verification_status = self.verification_status.value

        created_at = self.created_at.isoformat()

        note: None | str
        note = self.note

        updated_at = self.updated_at.isoformat()

        onboarding = self.onboarding.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "display_name": display_name,
                "bio": bio,
                "specializations": specializations,
                "timezone": timezone,
                "verification_status": verification_status,
                "created_at": created_at,
                "note": note,
                "updated_at": updated_at,
                "onboarding": onboarding,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.onboarding import Onboarding

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        user_id = UUID(d.pop("user_id"))

        display_name = d.pop("display_name")

        bio = d.pop("bio")

        specializations = cast(list[str], d.pop("specializations"))

        timezone = d.pop("timezone")

        verification_status = VerificationStatus(d.pop("verification_status"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        onboarding = Onboarding.from_dict(d.pop("onboarding"))

        own_practitioner = cls(
            id=id,
            user_id=user_id,
            display_name=display_name,
            bio=bio,
            specializations=specializations,
            timezone=timezone,
            verification_status=verification_status,
            created_at=created_at,
            note=note,
            updated_at=updated_at,
            onboarding=onboarding,
        )

        own_practitioner.additional_properties = d
        return own_practitioner

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

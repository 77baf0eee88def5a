from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verification_status import VerificationStatus

if TYPE_CHECKING:
    from ..models.onboarding import Onboarding


T = TypeVar("T", bound="Applied")


@_attrs_define
class Applied:
    """The answer to an application.

    Attributes:
        id (UUID):
        user_id (UUID):
        display_name (str):
        verification_status (VerificationStatus): The state of an application.
        onboarding (Onboarding): The steps that are done, and the first that is not (null when all are).
    """

    id: UUID
    user_id: UUID
    display_name: str
    verification_status: VerificationStatus
    onboarding: Onboarding
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        user_id = str(self.user_id)

        display_name = self.display_name

        verification_status = self.verification_status.value

        onboarding = self.onboarding.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "user_id": user_id,
                "display_name": display_name,
                "verification_status": verification_status,
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

        verification_status = VerificationStatus(d.pop("verification_status"))

        onboarding = Onboarding.from_dict(d.pop("onboarding"))

        applied = cls(
            id=id,
            user_id=user_id,
            display_name=display_name,
            verification_status=verification_status,
            onboarding=onboarding,
        )

        applied.additional_properties = d
        return applied

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

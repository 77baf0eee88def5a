from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ConsentScope")


@_attrs_define
class ConsentScope:
    """One of the three: the decision counts for that one alone.

    Attributes:
        practitioner_id (None | Unset | UUID):
        booking_id (None | Unset | UUID):
        post_id (None | Unset | UUID):
    """

    practitioner_id: None | Unset | UUID = UNSET
    booking_id: None | Unset | UUID = UNSET
    post_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        practitioner_id: None | str | Unset
        if isinstance(self.practitioner_id, Unset):
            practitioner_id = UNSET
        elif isinstance(self.practitioner_id, UUID):
            practitioner_id = str(self.practitioner_id)
        else:
            practitioner_id = self.practitioner_id

        booking_id: None | str | Unset
        if isinstance(self.booking_id, Unset):
            booking_id = UNSET
        elif isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        post_id: None | str | Unset
        if isinstance(self.post_id, Unset):
            post_id = UNSET
        elif isinstance(self.post_id, UUID):
            post_id = str(self.post_id)
        else:
            post_id = self.post_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if practitioner_id is not UNSET:
            field_dict["practitioner_id"] = practitioner_id
        if booking_id is not UNSET:
            field_dict["booking_id"] = booking_id
        if post_id is not UNSET:
            field_dict["post_id"] = post_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_practitioner_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                practitioner_id_type_0 = UUID(data)

                return practitioner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        practitioner_id = _parse_practitioner_id(d.pop("practitioner_id", UNSET))

        def _parse_booking_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                booking_id_type_0 = UUID(data)

                return booking_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        booking_id = _parse_booking_id(d.pop("booking_id", UNSET))

        def _parse_post_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                post_id_type_0 = UUID(data)

                return post_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        post_id = _parse_post_id(d.pop("post_id", UNSET))

        consent_scope = cls(
            practitioner_id=practitioner_id,
            booking_id=booking_id,
            post_id=post_id,
        )

        return consent_scope

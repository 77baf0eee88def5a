from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="DocumentView")


@_attrs_define
class DocumentView:
    """A version of a text. `required`: the account cannot be used without it.

    Attributes:
        purpose (str):
        version (int):
        title (str):
        text (str):
        required (bool):
        effective_at (datetime.datetime):
    """

    purpose: str
    version: int
    title: str
    text: str
    required: bool
    effective_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        purpose = self.purpose

        version = self.version

        title = self.title

        text = self.text

        required = self.required

        effective_at = self.effective_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "purpose": purpose,
                "version": version,
                "title": title,
                "text": text,
                "required": required,
                "effective_at": effective_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        purpose = d.pop("purpose")

        version = d.pop("version")

        title = d.pop("title")

        text = d.pop("text")

        required = d.pop("required")

        effective_at = datetime.datetime.fromisoformat(d.pop("effective_at"))

        document_view = cls(
            purpose=purpose,
            version=version,
            title=title,
            text=text,
            required=required,
            effective_at=effective_at,
        )

        document_view.additional_properties = d
        return document_view

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

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewDocument")


@_attrs_define
class NewDocument:
    """A version of a text: the last one plus 1. `effective_at` is business time; in the past counts as now.

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

    def to_dict(self) -> dict[str, Any]:
        purpose = self.purpose

        version = self.version

        title = self.title

        text = self.text

        required = self.required

        effective_at = self.effective_at.isoformat()

        field_dict: dict[str, Any] = {}

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

        new_document = cls(
            purpose=purpose,
            version=version,
            title=title,
            text=text,
            required=required,
            effective_at=effective_at,
        )

        return new_document

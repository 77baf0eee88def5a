from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="NotesBody")


@_attrs_define
class NotesBody:
    """What the client can change.

    Attributes:
        notes (None | str):
    """

    notes: None | str

    def to_dict(self) -> dict[str, Any]:
        notes: None | str
        notes = self.notes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "notes": notes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_notes(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        notes = _parse_notes(d.pop("notes"))

        notes_body = cls(
            notes=notes,
        )

        return notes_body

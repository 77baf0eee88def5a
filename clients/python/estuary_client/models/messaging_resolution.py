from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.messaging_resolution_outcome import MessagingResolutionOutcome
from ..types import UNSET, Unset

T = TypeVar("T", bound="MessagingResolution")


@_attrs_define
class MessagingResolution:
    """Staff's decision; an upheld report closes the conversation.

    Attributes:
        outcome (MessagingResolutionOutcome):
        note (None | str | Unset):
    """

    outcome: MessagingResolutionOutcome
    note: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        outcome = self.outcome.value

        note: None | str | Unset
        if isinstance(self.note, Unset):
            note = UNSET
        else:
            note = self.note

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "outcome": outcome,
            }
        )
        if note is not UNSET:
            field_dict["note"] = note

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        outcome = MessagingResolutionOutcome(d.pop("outcome"))

        def _parse_note(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        note = _parse_note(d.pop("note", UNSET))

        messaging_resolution = cls(
            outcome=outcome,
            note=note,
        )

        return messaging_resolution

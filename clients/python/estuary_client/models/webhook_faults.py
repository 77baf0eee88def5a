from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="WebhookFaults")


@_attrs_define
class WebhookFaults:
    """How webhooks misbehave until set again; what is left out is well.

    Attributes:
        delay_seconds (float | Unset):  Default: 0.0.
        copies (int | Unset):  Default: 1.
        shuffle (bool | Unset):  Default: False.
    """

    delay_seconds: float | Unset = 0.0
    copies: int | Unset = 1
    shuffle: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        delay_seconds = self.delay_seconds

        copies = self.copies

        shuffle = self.shuffle

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if delay_seconds is not UNSET:
            field_dict["delay_seconds"] = delay_seconds
        if copies is not UNSET:
            field_dict["copies"] = copies
        if shuffle is not UNSET:
            field_dict["shuffle"] = shuffle

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        delay_seconds = d.pop("delay_seconds", UNSET)

        copies = d.pop("copies", UNSET)

        shuffle = d.pop("shuffle", UNSET)

        webhook_faults = cls(
            delay_seconds=delay_seconds,
            copies=copies,
            shuffle=shuffle,
        )

        return webhook_faults

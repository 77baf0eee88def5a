from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="NoFeatures")


@_attrs_define
class NoFeatures:
    """The plan itself is what an organizer needs; what a stream's tier opens is said by the stream's posts."""

    def to_dict(self) -> dict[str, Any]:

        field_dict: dict[str, Any] = {}

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        no_features = cls()

        return no_features

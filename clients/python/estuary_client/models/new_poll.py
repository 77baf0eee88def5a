from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewPoll")


@_attrs_define
class NewPoll:
    """The options, and until when they can be voted for; without `closes_at` for ever.

    Attributes:
        options (list[str]):
        closes_at (datetime.datetime | None | Unset):
    """

    options: list[str]
    closes_at: datetime.datetime | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        options = self.options

        closes_at: None | str | Unset
        if isinstance(self.closes_at, Unset):
            closes_at = UNSET
        elif isinstance(self.closes_at, datetime.datetime):
            closes_at = self.closes_at.isoformat()
        else:
            closes_at = self.closes_at

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "options": options,
            }
        )
        if closes_at is not UNSET:
            field_dict["closes_at"] = closes_at

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        options = cast(list[str], d.pop("options"))

        def _parse_closes_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closes_at_type_0 = datetime.datetime.fromisoformat(data)

                return closes_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        closes_at = _parse_closes_at(d.pop("closes_at", UNSET))

        new_poll = cls(
            options=options,
            closes_at=closes_at,
        )

        return new_poll

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.option_view import OptionView


T = TypeVar("T", bound="PollView")


@_attrs_define
class PollView:
    """The poll as the caller sees it; `voted` says whether the caller has, `voted_option_id` for what.

    Attributes:
        options (list[OptionView]):
        closes_at (datetime.datetime | None):
        voted (bool):
        voted_option_id (None | UUID):
    """

    options: list[OptionView]
    closes_at: datetime.datetime | None
    voted: bool
    voted_option_id: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        options = []
        for options_item_data in self.options:
            options_item = options_item_data.to_dict()
            options.append(options_item)

        closes_at: None | str
        if isinstance(self.closes_at, datetime.datetime):
            closes_at = self.closes_at.isoformat()
        else:
            closes_at = self.closes_at

        voted = self.voted

        voted_option_id: None | str
        if isinstance(self.voted_option_id, UUID):
            voted_option_id = str(self.voted_option_id)
        else:
            voted_option_id = self.voted_option_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "options": options,
                "closes_at": closes_at,
                "voted": voted,
                "voted_option_id": voted_option_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.option_view import OptionView

        d = dict(src_dict)
        options = []
        _options = d.pop("options")
        for options_item_data in _options:
            options_item = OptionView.from_dict(options_item_data)

            options.append(options_item)

        def _parse_closes_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                closes_at_type_0 = datetime.datetime.fromisoformat(data)

                return closes_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        closes_at = _parse_closes_at(d.pop("closes_at"))

        voted = d.pop("voted")

        def _parse_voted_option_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                voted_option_id_type_0 = UUID(data)

                return voted_option_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        voted_option_id = _parse_voted_option_id(d.pop("voted_option_id"))

        poll_view = cls(
            options=options,
            closes_at=closes_at,
            voted=voted,
            voted_option_id=voted_option_id,
        )

        poll_view.additional_properties = d
        return poll_view

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

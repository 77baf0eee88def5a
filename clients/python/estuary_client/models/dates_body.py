from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_date import NewDate
    from ..models.new_series import NewSeries


T = TypeVar("T", bound="DatesBody")


@_attrs_define
class DatesBody:
    """Dates of a workshop or a course: single ones, a series, or both.

    Attributes:
        dates (list[NewDate] | None | Unset):
        series (NewSeries | None | Unset):
    """

    dates: list[NewDate] | None | Unset = UNSET
    series: NewSeries | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.new_series import NewSeries

        dates: list[dict[str, Any]] | None | Unset
        if isinstance(self.dates, Unset):
            dates = UNSET
        elif isinstance(self.dates, list):
            dates = []
            for dates_type_0_item_data in self.dates:
                dates_type_0_item = dates_type_0_item_data.to_dict()
                dates.append(dates_type_0_item)

        else:
            dates = self.dates

        series: dict[str, Any] | None | Unset
        if isinstance(self.series, Unset):
            series = UNSET
        elif isinstance(self.series, NewSeries):
            series = self.series.to_dict()
        else:
            series = self.series

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if dates is not UNSET:
            field_dict["dates"] = dates
        if series is not UNSET:
            field_dict["series"] = series

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_date import NewDate
        from ..models.new_series import NewSeries

        d = dict(src_dict)

        def _parse_dates(data: object) -> list[NewDate] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                dates_type_0 = []
                _dates_type_0 = data
                for dates_type_0_item_data in _dates_type_0:
                    dates_type_0_item = NewDate.from_dict(dates_type_0_item_data)

                    dates_type_0.append(dates_type_0_item)

                return dates_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[NewDate] | None | Unset, data)

        dates = _parse_dates(d.pop("dates", UNSET))

        def _parse_series(data: object) -> NewSeries | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                series_type_0 = NewSeries.from_dict(data)

                return series_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NewSeries | None | Unset, data)

        series = _parse_series(d.pop("series", UNSET))

        dates_body = cls(
            dates=dates,
            series=series,
        )

        return dates_body

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewSeries")


@_attrs_define
class NewSeries:
    """Dates by a rule of RFC 5545, from `start_date` on, at `start_time` of the zone's wall clock.

    Attributes:
        rrule (str):
        start_date (datetime.date):
        start_time (str):
        timezone (str):
        location_id (None | Unset | UUID):
        except_ (list[datetime.date] | None | Unset):
    """

    rrule: str
    start_date: datetime.date
    start_time: str
    timezone: str
    location_id: None | Unset | UUID = UNSET
    except_: list[datetime.date] | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        rrule = self.rrule

        start_date = self.start_date.isoformat()

        start_time = self.start_time

        timezone = self.timezone

        location_id: None | str | Unset
        if isinstance(self.location_id, Unset):
            location_id = UNSET
        elif isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        except_: list[str] | None | Unset
        if isinstance(self.except_, Unset):
            except_ = UNSET
        elif isinstance(self.except_, list):
            except_ = []
            for except_type_0_item_data in self.except_:
                except_type_0_item = except_type_0_item_data.isoformat()
                except_.append(except_type_0_item)

        else:
            except_ = self.except_

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "rrule": rrule,
                "start_date": start_date,
                "start_time": start_time,
                "timezone": timezone,
            }
        )
        if location_id is not UNSET:
            field_dict["location_id"] = location_id
        if except_ is not UNSET:
            field_dict["except"] = except_

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        rrule = d.pop("rrule")

        start_date = datetime.date.fromisoformat(d.pop("start_date"))

        start_time = d.pop("start_time")

        timezone = d.pop("timezone")

        def _parse_location_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        location_id = _parse_location_id(d.pop("location_id", UNSET))

        def _parse_except_(data: object) -> list[datetime.date] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                except_type_0 = []
                _except_type_0 = data
                for except_type_0_item_data in _except_type_0:
                    except_type_0_item = datetime.date.fromisoformat(
                        except_type_0_item_data
                    )

                    except_type_0.append(except_type_0_item)

                return except_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[datetime.date] | None | Unset, data)

        except_ = _parse_except_(d.pop("except", UNSET))

        new_series = cls(
            rrule=rrule,
            start_date=start_date,
            start_time=start_time,
            timezone=timezone,
            location_id=location_id,
            except_=except_,
        )

        return new_series

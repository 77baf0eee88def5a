from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.location_view_precision_type_0 import LocationViewPrecisionType0
from ..models.visibility import Visibility

if TYPE_CHECKING:
    from ..models.point_view import PointView


T = TypeVar("T", bound="LocationView")


@_attrs_define
class LocationView:
    """A location. Where it is only roughly shown, `precision` is `city`, and address and directions are null.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        name (str):
        is_virtual (bool):
        is_primary (bool):
        line1 (None | str):
        line2 (None | str):
        city (None | str):
        region (None | str):
        postal_code (None | str):
        country (None | str):
        point (None | PointView):
        precision (LocationViewPrecisionType0 | None):
        visibility (Visibility): `area`, such as a home: where it is exactly is for who has a booking there.
        directions (None | str):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    id: UUID
    practitioner_id: UUID
    name: str
    is_virtual: bool
    is_primary: bool
    line1: None | str
    line2: None | str
    city: None | str
    region: None | str
    postal_code: None | str
    country: None | str
    point: None | PointView
    precision: LocationViewPrecisionType0 | None
    visibility: Visibility
    directions: None | str
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.point_view import PointView

        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        name = self.name

        is_virtual = self.is_virtual

        is_primary = self.is_primary

        line1: None | str
        line1 = self.line1

        line2: None | str
        line2 = self.line2

        city: None | str
        city = self.city

        region: None | str
        region = self.region

        postal_code: None | str
        postal_code = self.postal_code

        country: None | str
        country = self.country

        point: dict[str, Any] | None
        if isinstance(self.point, PointView):
            point = self.point.to_dict()
        else:
            point = self.point

        precision: None | str
        if isinstance(self.precision, LocationViewPrecisionType0):
            precision = self.precision.value
        else:
            precision = self.precision

        visibility = self.visibility.value

        directions: None | str
        directions = self.directions

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "name": name,
                "is_virtual": is_virtual,
                "is_primary": is_primary,
                "line1": line1,
                "line2": line2,
                "city": city,
                "region": region,
                "postal_code": postal_code,
                "country": country,
                "point": point,
                "precision": precision,
                "visibility": visibility,
                "directions": directions,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.point_view import PointView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        name = d.pop("name")

        is_virtual = d.pop("is_virtual")

        is_primary = d.pop("is_primary")

        def _parse_line1(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        line1 = _parse_line1(d.pop("line1"))

        def _parse_line2(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        line2 = _parse_line2(d.pop("line2"))

        def _parse_city(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        city = _parse_city(d.pop("city"))

        def _parse_region(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        region = _parse_region(d.pop("region"))

        def _parse_postal_code(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        postal_code = _parse_postal_code(d.pop("postal_code"))

        def _parse_country(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        country = _parse_country(d.pop("country"))

        def _parse_point(data: object) -> None | PointView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                point_type_0 = PointView.from_dict(data)

                return point_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PointView, data)

        point = _parse_point(d.pop("point"))

        def _parse_precision(data: object) -> LocationViewPrecisionType0 | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                precision_type_0 = LocationViewPrecisionType0(data)

                return precision_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LocationViewPrecisionType0 | None, data)

        precision = _parse_precision(d.pop("precision"))

        visibility = Visibility(d.pop("visibility"))

        def _parse_directions(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        directions = _parse_directions(d.pop("directions"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        location_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            name=name,
            is_virtual=is_virtual,
            is_primary=is_primary,
            line1=line1,
            line2=line2,
            city=city,
            region=region,
            postal_code=postal_code,
            country=country,
            point=point,
            precision=precision,
            visibility=visibility,
            directions=directions,
            created_at=created_at,
            updated_at=updated_at,
        )

        location_view.additional_properties = d
        return location_view

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

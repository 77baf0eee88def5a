"""Bodies about locations."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.catalog.locations.domain import Coordinates, Visibility
from services.catalog.locations.models import Location
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, LongText, Text, UtcTime, View

Name = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
City = Annotated[Text, StringConstraints(min_length=1, max_length=120)]
PostalCode = Annotated[Text, StringConstraints(min_length=1, max_length=20)]
Country = Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")]
Directions = Annotated[LongText, StringConstraints(max_length=2000)]
ADDRESS = ("line1", "line2", "city", "region", "postal_code", "country", "point")
REQUIRED = frozenset({"line1", "city", "country"})


class Point(Body):
    """Degrees of latitude and longitude."""

    lat: Annotated[float, Field(strict=True, ge=-90, le=90, allow_inf_nan=False)]
    lon: Annotated[float, Field(strict=True, ge=-180, le=180, allow_inf_nan=False)]


class NewLocation(Body):
    """A place with an address, or a virtual one without. `country` is the ISO 3166 code.

    Of one with visibility `area` others see the city alone, and a point nearby, until they have a booking there.
    """

    name: Name
    is_virtual: Annotated[bool, Field(strict=True)] = False
    line1: Line | None = Field(None, validate_default=True)
    line2: Line | None = None
    city: City | None = Field(None, validate_default=True)
    region: City | None = None
    postal_code: PostalCode | None = None
    country: Country | None = Field(None, validate_default=True)
    point: Point | None = None
    visibility: Visibility = Visibility.PUBLIC
    directions: Directions | None = None

    @field_validator(*ADDRESS)
    @classmethod
    def _fits(cls, given: Any, info: ValidationInfo) -> Any:
        if info.data.get("is_virtual"):
            if given is not None:
                raise PydanticCustomError("virtual_location", "A virtual location has no address")
        elif given is None and info.field_name in REQUIRED:
            raise PydanticCustomError("one_needed", "An address needs this, and what is_virtual has none")
        return given


class LocationChange(Body):
    """What is left out stays; null empties what a location can do without. The first one is primary until another is.

    What is virtual stays so, and has no address.
    """

    name: Name = UNCHANGED
    line1: Line = UNCHANGED
    line2: Line | None = None
    city: City = UNCHANGED
    region: City | None = None
    postal_code: PostalCode | None = None
    country: Country = UNCHANGED
    point: Point | None = None
    visibility: Visibility = UNCHANGED
    directions: Directions | None = None
    is_primary: Literal[True] = UNCHANGED


class PointView(View):
    """Degrees of latitude and longitude."""

    lat: float
    lon: float


class LocationView(View):
    """A location. Where it is only roughly shown, `precision` is `city`, and address and directions are null."""

    id: UUID
    practitioner_id: UUID
    name: str
    is_virtual: bool
    is_primary: bool
    line1: str | None
    line2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
    point: PointView | None
    precision: Literal["address", "city"] | None
    visibility: Visibility
    directions: str | None
    created_at: UtcTime
    updated_at: UtcTime

    @classmethod
    def of(cls, location: Location, *, exact: bool) -> Self:
        """With the address, if the caller may see it or everybody may."""
        point = location.point
        if exact or location.visibility is Visibility.PUBLIC:
            return cls.showing(location, point=_view_of(point), precision="address" if point else None)
        hidden = dict.fromkeys(("line1", "line2", "region", "postal_code", "directions"))
        nearby = _view_of(point.blurred()) if point else None
        return cls.showing(location, **hidden, point=nearby, precision="city" if point else None)


def columns_of(body: NewLocation | LocationChange) -> dict[str, Any]:
    """The body's fields as columns; of a change only what is given."""
    given = body.model_dump(exclude_unset=isinstance(body, LocationChange), exclude={"point", "is_primary"})
    if "point" in body.model_fields_set or isinstance(body, NewLocation):
        given |= {"lat": body.point and body.point.lat, "lon": body.point and body.point.lon}
    return given


def _view_of(point: Coordinates | None) -> PointView | None:
    return None if point is None else PointView(lat=point.lat, lon=point.lon)

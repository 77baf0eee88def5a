"""Whether what a practitioner names are their own locations."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.locations.errors import UnknownLocation
from services.booking.locations.repository import Locations
from services.booking.peers import ask_locations
from services.booking.runtime import BookingRuntime
from shared.errors import FieldError

Named = Sequence[tuple[str, UUID]]
"""Locations, each with the field that names it."""


async def check_locations(runtime: BookingRuntime, practitioner_id: UUID, named: Named) -> None:
    """Raises UnknownLocation, which names the fields of those that are not; asks catalog for new ones."""
    if not named:
        return
    async with runtime.db.read() as session:
        known = await Locations(session).of(practitioner_id)
    if not {location_id for _, location_id in named} <= known:
        known = await _fetch(runtime, practitioner_id)
    details = {"message": UnknownLocation.detail, "code": UnknownLocation.code}
    if errors := [FieldError(field=field, **details) for field, location_id in named if location_id not in known]:
        raise UnknownLocation(code="invalid", errors=errors)


async def _fetch(runtime: BookingRuntime, practitioner_id: UUID) -> set[UUID]:
    found = await ask_locations(runtime.peers, practitioner_id)
    async with runtime.db.transaction() as session:
        for each in found:
            await Locations(session).put(each.location_id, each.practitioner_id, is_virtual=each.is_virtual)
    return {each.location_id for each in found}

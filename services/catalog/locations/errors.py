"""What a location is refused with."""

from shared.errors import Conflict


class LocationInUse(Conflict):
    """A service, a schedule, a resource or a coming session names it."""

    code, detail = "location_in_use", "Services, hours or sessions use this location. Change them first."


class TooManyLocations(Conflict):
    """A practitioner has at most twenty."""

    code, detail = "too_many_locations", "You have twenty locations. Delete one first."

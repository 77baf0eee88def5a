"""What a resource is refused with."""

from shared.errors import Conflict


class ResourceInUse(Conflict):
    """Sessions that are not over have it, or more of it than would be left."""

    code, detail = "resource_in_use", "Sessions that are still to come use this. Move or cancel them first."

"""An instance of a test's own, that it may kill."""

from tests.billing.conftest import own, world

__all__ = ["own", "world"]

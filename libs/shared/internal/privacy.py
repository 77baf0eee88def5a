"""What every service answers about a person, to identity alone. Models and routes are in `shared.web.privacy`."""

from shared.events.audit import PRODUCERS
from shared.web.privacy import operations_of

OF_EACH = {name: operations_of(name) for name in PRODUCERS}
"""By the name of the service."""

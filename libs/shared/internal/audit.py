"""What every service answers of its audit log, to identity alone. Models and routes are in `shared.web.audit`."""

from shared.events.audit import PRODUCERS
from shared.web.audit import operations_of

OF_EACH = {name: operations_of(name) for name in PRODUCERS}
"""By the name of the service."""

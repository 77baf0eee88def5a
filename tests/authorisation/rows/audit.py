"""What every service has of its audit log: for identity alone."""

from shared.web.audit import READER
from tests.authorisation.access import INTERNAL, Access, Row
from tests.authorisation.calls import peer_of

LOG = "/internal/audit"
HASH = "0" * 64


def rows_of(service: str) -> list[Row]:
    """The rows of that service; `service` is another one that may call it."""
    access: Access = INTERNAL if peer_of(service) == READER else {**INTERNAL, "service": 403}
    return [
        Row("GET", f"{LOG}/", access),
        Row("GET", f"{LOG}/export/", access),
        Row("GET", f"{LOG}/chain/", access, query=f"after=0&previous={HASH}"),
        Row("GET", f"{LOG}/{{entry_id}}/", access, (404,), of={"entry_id": "client_user_id"}),
    ]

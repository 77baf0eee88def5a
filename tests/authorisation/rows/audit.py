"""What every service has of its audit log: for identity alone."""

from shared.web.audit import READER
from tests.authorisation.access import INTERNAL, Row

LOG = "/internal/audit"
HASH = "0" * 64


def rows_of() -> list[Row]:
    """The rows of each of them."""
    callers = (READER,)
    return [
        Row("GET", f"{LOG}/", INTERNAL, callers=callers),
        Row("GET", f"{LOG}/export/", INTERNAL, callers=callers),
        Row("GET", f"{LOG}/chain/", INTERNAL, query=f"after=0&previous={HASH}", callers=callers),
        Row("GET", f"{LOG}/{{entry_id}}/", INTERNAL, (404,), of={"entry_id": "client_user_id"}, callers=callers),
    ]

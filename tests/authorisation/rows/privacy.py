"""What every service holds of people: for identity alone."""

from shared.web.privacy import PEOPLE, READER, RETENTION
from tests.authorisation.access import INTERNAL, Access, Row
from tests.authorisation.calls import peer_of


def rows_of(service: str) -> list[Row]:
    """The rows of that service; `service` is another one that may call it."""
    access: Access = INTERNAL if peer_of(service) == READER else {**INTERNAL, "service": 403}
    person = {"person_id": "client_user_id"}
    return [
        Row("GET", f"{PEOPLE}/{{person_id}}/export/", access, of=person),
        Row("GET", f"{PEOPLE}/{{person_id}}/obligations/", access, of=person),
        Row("GET", RETENTION, access),
    ]

"""What every service holds of people: for identity alone."""

from shared.web.privacy import PEOPLE, READER, RETENTION
from tests.authorisation.access import INTERNAL, Row


def rows_of() -> list[Row]:
    """The rows of each of them."""
    callers = (READER,)
    person = {"person_id": "client_user_id"}
    return [
        Row("GET", f"{PEOPLE}/{{person_id}}/export/", INTERNAL, of=person, callers=callers),
        Row("GET", f"{PEOPLE}/{{person_id}}/obligations/", INTERNAL, of=person, callers=callers),
        Row("GET", RETENTION, INTERNAL, callers=callers),
    ]

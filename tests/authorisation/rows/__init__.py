"""The tables: a module per service, in the order of `estuary.services`, and what each service has."""

from importlib import import_module

from estuary.services import SERVICES
from tests.authorisation.access import Row
from tests.authorisation.rows import audit, privacy

ROWS: dict[str, list[Row]] = {
    name: [*import_module(f"tests.authorisation.rows.{name}").ROWS, *audit.rows_of(), *privacy.rows_of()]
    for name in SERVICES
}

"""The tables: a module per service, in the order of `estuary.services`."""

from importlib import import_module

from estuary.services import SERVICES
from tests.authorisation.access import Row

ROWS: dict[str, list[Row]] = {name: import_module(f"tests.authorisation.rows.{name}").ROWS for name in SERVICES}

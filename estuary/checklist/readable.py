"""The checklist's part about values that cannot be read: each is named before anything is opened for it."""

from collections.abc import Iterator
from importlib import import_module

from estuary.checklist.findings import Checked, Finding
from shared.settings import ServiceSettings, SettingsError, demand_readable

CLASSES = {
    "identity": "services.identity.settings:IdentitySettings",
    "catalog": "services.catalog.settings:CatalogSettings",
    "booking": "services.booking.settings:BookingSettings",
    "payments": "services.payments.settings:PaymentsSettings",
    "streams": "services.streams.settings:StreamsSettings",
    "notifications": "services.notifications.settings:Settings",
    "gateway": "gateway.settings:GatewaySettings",
}
"""By part; loaded where they are looked at: a process carries no other's code."""


def unreadable(checked: Checked) -> Iterator[Finding]:
    """The first value of each part that it cannot read. What several settings lack together is for other checks."""
    for name, url in checked.addresses():
        try:
            demand_readable(url)
        except ValueError as error:
            yield Finding(name, str(error))
    for part in sorted(checked.parts & CLASSES.keys()):
        try:
            _settings_of(part).of(checked.given)
        except SettingsError as error:
            name, separator, why = str(error).partition(": ")
            if separator:
                yield Finding(name, why)


def _settings_of(part: str) -> type[ServiceSettings]:
    module, _, name = CLASSES[part].partition(":")
    found: type[ServiceSettings] = getattr(import_module(module), name)
    return found

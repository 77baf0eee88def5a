"""Catalog's settings, prefix `CATALOG_`."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """What an operator may set for catalog."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_")

    # Whether plans limit how many services a practitioner has on sale.
    plan_limits: bool = True

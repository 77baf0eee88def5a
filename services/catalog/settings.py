"""Catalog's settings, prefix `CATALOG_`."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class CatalogSettings(ServiceSettings):
    """Only what every service has: the install's currency."""

    model_config = SettingsConfigDict(env_prefix="CATALOG_")

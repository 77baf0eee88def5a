"""Settings are read from the mapping in the Runtime, once, in `create_app`; nothing reads the environment itself."""

from collections.abc import Mapping
from typing import Self

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from shared.records import currencies


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names the variable."""


class ServiceSettings(BaseSettings):
    """Base of every service's settings; subclasses give an `env_prefix`."""

    model_config = SettingsConfigDict(extra="ignore", validate_by_name=True, validate_by_alias=True)

    currency: str = Field(default="USD", validation_alias="ESTUARY_CURRENCY", pattern="^[A-Z]{3}$")

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        if code not in currencies.known():
            raise ValueError(f"{code} is no currency")
        return code

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What `of` was given and nothing else; pydantic would add this process's own environment."""
        return (init_settings,)

    @classmethod
    def of(cls, env: Mapping[str, str]) -> Self:
        """Reads the settings from that mapping; raises SettingsError with one line for the first bad one."""
        source = EnvSettingsSource(cls)
        source.env_vars = {name.lower(): value for name, value in env.items() if value != ""}
        try:
            return cls.model_validate(source())
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            variable = f"{_variable(cls, str(first['loc'][0]))}: " if first["loc"] else ""
            raise SettingsError(variable + first["msg"].removeprefix("Value error, ")) from None


def _variable(cls: type[ServiceSettings], name: str) -> str:
    field = cls.model_fields.get(name)
    if field is None:
        return name
    alias = field.validation_alias
    return str(alias) if alias else f"{cls.model_config.get('env_prefix', '')}{name}".upper()

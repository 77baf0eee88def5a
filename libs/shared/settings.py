"""Settings are read from the mapping in the Runtime, once, in `create_app`; nothing reads the environment itself."""

import re
from collections.abc import Mapping
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from shared.records import currencies
from shared.records.kms import KmsKey
from shared.records.sealing import KeyRing, Wrapping


class SettingsError(Exception):
    """A setting cannot be used; the message is one line that names the variable."""


HOST = re.compile(r"(?:\[[^\]]*\]|[^:\[\]]*)(?::\d{1,5})?")


def demand_readable(url: str) -> None:
    """Raises ValueError, whose text shows nothing of it, for an address whose host and port cannot be told from its
    user and password."""
    try:
        hosts = urlsplit(url).netloc.rpartition("@")[2].split(",")
    except ValueError:
        hosts = ["["]
    if not all(HOST.fullmatch(host) for host in hosts):
        raise ValueError("cannot be read: special characters of its user and password are written as %XX")


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


class SealingSettings(ServiceSettings):
    """Settings of a service that seals secrets at rest: `keys` wrap what seals them, the first one; all open.

    `kms` (`aws-kms:<arn>`) wraps in their place. Without both, with the sandbox alone, one key follows from
    `service_key`.
    """

    stand_ins: bool = Field(
        default=True, validation_alias="ESTUARY_STAND_INS", description="Whether there is a demo, with its accounts"
    )
    keys: SecretStr | None = None
    kms: str | None = None
    service_key: SecretStr | None = Field(default=None, validation_alias="ESTUARY_SERVICE_KEY")

    @field_validator("keys")
    @classmethod
    def _are_keys(cls, keys: SecretStr | None) -> SecretStr | None:
        if keys is not None:
            KeyRing.parse(keys.get_secret_value())
        return keys

    @field_validator("kms")
    @classmethod
    def _is_of_kms(cls, kms: str | None) -> str | None:
        if kms is not None:
            KmsKey.parse(kms, "")
        return kms

    @model_validator(mode="after")
    def _wraps_one_way(self) -> Self:
        if self.keys is not None and self.kms is not None:
            raise ValueError(f"{self._prefix}KEYS and {self._prefix}KMS: set one of them")
        return self

    @property
    def _prefix(self) -> str:
        return self.model_config.get("env_prefix", "")

    def wrapping(self) -> Wrapping:
        """What wraps this service's data keys; raises SettingsError where there is nothing."""
        if self.kms is not None:
            return KmsKey.parse(self.kms, self._prefix.lower().rstrip("_"))
        return self.key_ring()

    def key_ring(self) -> KeyRing:
        """The operator's keys of this service; raises SettingsError where there are none."""
        if self.keys is not None:
            return KeyRing.parse(self.keys.get_secret_value())
        if self.service_key is None or not self.stand_ins:
            needed = f"{self._prefix}KEYS: needed to seal secrets: <id>:<base64 of 32 bytes>,..., or {self._prefix}KMS"
            raise SettingsError(needed)
        return KeyRing.derived(self.service_key.get_secret_value(), f"estuary {self._prefix.lower()}data keys")


def _variable(cls: type[ServiceSettings], name: str) -> str:
    field = cls.model_fields.get(name)
    if field is None:
        return name
    alias = field.validation_alias
    return str(alias) if alias else f"{cls.model_config.get('env_prefix', '')}{name}".upper()

"""How a client reaches a broker: in the clear, over TLS, with a name and a password."""

import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from shared.settings import ServiceSettings

ClientOptions = Mapping[str, Any]
"""Arguments that every aiokafka client of a process shares."""
IN_THE_CLEAR: ClientOptions = {}


class KafkaSecurity(ServiceSettings):
    """KAFKA_SECURITY_PROTOCOL and what belongs to it. KAFKA_CA_FILE (PEM) replaces the machine's own authorities."""

    protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        default="PLAINTEXT", validation_alias="KAFKA_SECURITY_PROTOCOL"
    )
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        default="SCRAM-SHA-512", validation_alias="KAFKA_SASL_MECHANISM"
    )
    username: str = Field(default="", validation_alias="KAFKA_SASL_USERNAME")
    password: SecretStr = Field(default=SecretStr(""), validation_alias="KAFKA_SASL_PASSWORD")
    ca_file: Path | None = Field(default=None, validation_alias="KAFKA_CA_FILE")

    @property
    def encrypted(self) -> bool:
        """Whether nobody on the way can read or change what is sent."""
        return self.protocol in {"SSL", "SASL_SSL"}

    @property
    def signs_in(self) -> bool:
        """Whether the broker asks for a name and a password."""
        return self.protocol.startswith("SASL_")

    @property
    def options(self) -> ClientOptions:
        """The arguments of a client; nothing in the clear, as aiokafka's defaults are."""
        options: dict[str, Any] = {}
        if self.protocol != "PLAINTEXT":
            options["security_protocol"] = self.protocol
        if self.encrypted:
            options["ssl_context"] = ssl.create_default_context(cafile=self.ca_file)
        if self.signs_in:
            options["sasl_mechanism"] = self.mechanism
            options["sasl_plain_username"] = self.username
            options["sasl_plain_password"] = self.password.get_secret_value()
        return options

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.signs_in and not self.username:
            raise ValueError(f"KAFKA_SASL_USERNAME: {self.protocol} needs it")
        if self.signs_in and not self.password.get_secret_value():
            raise ValueError(f"KAFKA_SASL_PASSWORD: {self.protocol} needs it")
        return self

    @field_validator("ca_file")
    @classmethod
    def _has_certificates(cls, file: Path | None) -> Path | None:
        try:
            ssl.create_default_context(cafile=file)
        except OSError as error:
            raise ValueError(f"{file} holds no certificates: {error.strerror or error}") from None
        return file

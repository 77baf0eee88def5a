"""Identity's settings, prefix `IDENTITY_`."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import SealingSettings

SECRET_LENGTH = 16


class IdentitySettings(SealingSettings):
    """The password cost follows OWASP's argon2id advice; raise it and every hash is renewed at its next sign-in.

    `secret` derives the successors of refresh tokens; it is `service_key` where it is not given.
    """

    model_config = SettingsConfigDict(env_prefix="IDENTITY_")

    argon2_time_cost: int = Field(default=2, ge=1, le=20)
    argon2_memory_kib: int = Field(default=19_456, ge=8, le=1_048_576)
    argon2_parallelism: int = Field(default=1, ge=1, le=16)
    key_rotation_days: int = Field(default=90, ge=1, le=3650)
    secret: SecretStr = Field(default=SecretStr(""))

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        self.secret = self.secret or self.service_key or self.secret
        if len(self.secret) < SECRET_LENGTH:
            raise ValueError(f"IDENTITY_SECRET needs at least {SECRET_LENGTH} characters")
        return self

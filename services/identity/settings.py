"""Identity's settings, prefix `IDENTITY_`."""

from datetime import timedelta
from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import SettingsConfigDict

from shared.settings import SealingSettings

SECRET_LENGTH = 16


class IdentitySettings(SealingSettings):
    """The password cost follows OWASP's argon2id advice; raise it and every hash is renewed at its next sign-in.

    `secret` derives the successors of refresh tokens and the tokens in mails, which are void once it changes; it is
    `service_key` where it is not given.
    """

    model_config = SettingsConfigDict(env_prefix="IDENTITY_")

    argon2_time_cost: int = Field(default=2, ge=1, le=20)
    argon2_memory_kib: int = Field(default=19_456, ge=8, le=1_048_576)
    argon2_parallelism: int = Field(default=1, ge=1, le=16)
    key_rotation_days: int = Field(default=90, ge=1, le=3650)
    verify_hours: int = Field(default=24, ge=1, le=720, description="How long a link that proves an address is good")
    reset_minutes: int = Field(default=60, ge=5, le=1440, description="How long a link to a new password is good")
    session_days: int = Field(
        default=90, ge=1, le=3650, description="How long a sign-in lasts, however often refreshed"
    )
    step_up_seconds: int = Field(
        default=300, ge=30, le=86_400, description="How long ago a sign-in may be for changes that open an account"
    )
    services: str = Field(
        default="identity", validation_alias="ESTUARY_SERVICES", description="All services, with commas between"
    )
    secret: SecretStr = Field(default=SecretStr(""))

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        self.secret = self.secret or self.service_key or self.secret
        if len(self.secret) < SECRET_LENGTH:
            raise ValueError(f"IDENTITY_SECRET needs at least {SECRET_LENGTH} characters")
        return self

    @property
    def session_life(self) -> timedelta:
        """`session_days`."""
        return timedelta(days=self.session_days)

    @property
    def verify_life(self) -> timedelta:
        """`verify_hours`."""
        return timedelta(hours=self.verify_hours)

    @property
    def reset_life(self) -> timedelta:
        """`reset_minutes`."""
        return timedelta(minutes=self.reset_minutes)

    @property
    def service_names(self) -> tuple[str, ...]:
        """Those whose audit logs are searched and checked."""
        return tuple(self.services.split(","))

"""Identity's settings, prefix `IDENTITY_`."""

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class IdentitySettings(ServiceSettings):
    """The password cost follows OWASP's argon2id advice; raise it and every hash is renewed at its next sign-in.

    `secret` seals the private signing keys and derives the successors of refresh tokens. After it changes,
    a new signing key is made at the next start and the sessions go on.
    """

    model_config = SettingsConfigDict(env_prefix="IDENTITY_")

    argon2_time_cost: int = Field(default=2, ge=1, le=20)
    argon2_memory_kib: int = Field(default=19_456, ge=8, le=1_048_576)
    argon2_parallelism: int = Field(default=1, ge=1, le=16)
    key_rotation_days: int = Field(default=90, ge=1, le=3650)
    stand_ins: bool = Field(
        default=True, validation_alias="ESTUARY_STAND_INS", description="Whether there is a demo, with its accounts"
    )
    secret: SecretStr = Field(validation_alias=AliasChoices("IDENTITY_SECRET", "ESTUARY_SERVICE_KEY"), min_length=16)

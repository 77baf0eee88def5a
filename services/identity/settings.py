"""Identity's settings, prefix `IDENTITY_`."""

from datetime import timedelta
from ipaddress import ip_address
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from services.identity.providers.settings import ProviderSettings
from shared.outside import private_hosts

SECRET_LENGTH = 16
LOCALHOST = "localhost"
DEFAULT_PORTS = {"http": 80, "https": 443}


class IdentitySettings(ProviderSettings):
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
    staff_mfa: Literal["required", "optional"] | None = Field(
        default=None, description="Whether staff need a second factor; by default where there is no sandbox"
    )
    app_url: str | None = Field(default=None, validation_alias="ESTUARY_APP_URL", pattern=r"^https?://")
    cors_origins: str = Field(default="", validation_alias="GATEWAY_CORS_ORIGINS")
    erasure_days: int = Field(
        default=7, ge=0, le=90, description="How long a person can change their mind about an erasure"
    )
    services: str = Field(
        default="identity", validation_alias="ESTUARY_SERVICES", description="All services, with commas between"
    )
    private_hosts: str = Field(
        default="",
        validation_alias="ESTUARY_PRIVATE_HOSTS",
        description="host:port,.. that foreign addresses may name though they are private, and by http",
    )
    secret: SecretStr = Field(default=SecretStr(""))

    @model_validator(mode="after")
    def _has_a_secret(self) -> Self:
        self.secret = self.secret or self.service_key or self.secret
        if len(self.secret) < SECRET_LENGTH:
            raise ValueError(f"IDENTITY_SECRET needs at least {SECRET_LENGTH} characters")
        return self

    @model_validator(mode="after")
    def _has_a_host_name(self) -> Self:
        if not self.stand_ins and host_name(self.public_url) is None:
            raise ValueError("ESTUARY_PUBLIC_URL needs a host name: browsers bind no passkey to an IP address")
        if not self.passkey_origins:
            raise ValueError("ESTUARY_PUBLIC_URL is no address")
        return self

    @field_validator("private_hosts")
    @classmethod
    def _are_hosts(cls, given: str) -> str:
        private_hosts(given)
        return given

    @property
    def reachable_hosts(self) -> frozenset[tuple[str, int]]:
        """`private_hosts`, with the sandbox the own address too."""
        return private_hosts(self.private_hosts, *([self.public_url] if self.stand_ins else []))

    @property
    def staff_needs_factor(self) -> bool:
        """`staff_mfa`."""
        return not self.stand_ins if self.staff_mfa is None else self.staff_mfa == "required"

    @property
    def rp_id(self) -> str:
        """The host name to which passkeys are bound: that of `public_url`, `localhost` where that is an IP address."""
        return host_name(self.public_url) or LOCALHOST

    @property
    def passkey_origins(self) -> tuple[str, ...]:
        """The origins whose pages may use passkeys."""
        given = (self.public_url, self.app_url or "", *self.cors_origins.split(","))
        return tuple(dict.fromkeys(origin for origin in map(origin_of, given) if origin))

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


def host_name(url: str) -> str | None:
    """The host of that address, in its ASCII form; None where it is an IP address."""
    host = (urlsplit(url).hostname or "").encode("idna").decode()
    try:
        ip_address(host)
    except ValueError:
        return host or None
    return None


def origin_of(url: str) -> str | None:
    """Scheme, host and port as a browser names them, of an IP address `localhost`; None for what is no web address."""
    parts = urlsplit(url.strip())
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        return None
    origin = f"{parts.scheme}://{host_name(url.strip()) or LOCALHOST}"
    return origin if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f"{origin}:{parts.port}"

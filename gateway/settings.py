"""The gateway's settings."""

import re
from ipaddress import ip_network
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from gateway.headers import TrustedProxies
from shared.settings import demand_readable
from shared.web.shedding import LoadSettings

ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?/?")


class GatewaySettings(LoadSettings):
    """Prefix GATEWAY_, but for names of their own. Rates are requests per hour, durations seconds, sizes bytes."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_")

    read_only: bool = Field(default=False, validation_alias="READ_ONLY_MODE")
    cors_origins: str = Field(default="", description="Origins of front ends, with commas between; `*` for all")
    max_body_bytes: int = Field(default=1024 * 1024, ge=1)
    upstream_timeout: float = Field(default=30.0, gt=0, description="Until an answer begins; streams may go on")
    connect_timeout: float = Field(default=2.0, gt=0)
    pool_size: int = Field(default=128, ge=1, description="Connections per service")
    queue_size: int = Field(default=1024, ge=1, description="Requests per service, under way and waiting")
    trusted_hops: int = Field(
        default=0, ge=0, description="Proxies of ours before the gateway: X-Forwarded-For entries"
    )
    trusted_proxies: str = Field(
        default="", description="Networks of those proxies, with commas between; a peer from elsewhere is the client"
    )
    max_connections: int = Field(default=2000, ge=1)
    max_connections_per_address: int = Field(
        default=200, ge=1, description="Not of loopback, nor of trusted proxies: these stand for many callers"
    )
    rate_limits: Literal["on", "off"] = "on"
    rate_anonymous: int = Field(default=100, ge=1)
    rate_user: int = Field(default=1000, ge=1)
    rate_practitioner: int = Field(default=2000, ge=1)
    redis_url: str = Field(
        default="",
        validation_alias="REDIS_URL",
        pattern="^$|^(redis|rediss|valkey|valkeys|unix)://",
        description="A Valkey or Redis in which all gateways count requests together",
    )
    access_log: Literal["on", "off"] = "on"
    metrics_token: str = Field(default="", validation_alias="ESTUARY_METRICS_TOKEN", description="Reads /metrics")
    app_url: str = Field(default="", validation_alias="ESTUARY_APP_URL", pattern="^$|^https?://")
    public_url: str = Field(default="", validation_alias="ESTUARY_PUBLIC_URL", pattern="^$|^https?://")
    stand_ins: bool = Field(default=False, validation_alias="ESTUARY_STAND_INS", description="Localhost may more")

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, given: str) -> str:
        for network in given.split(","):
            if network.strip():
                ip_network(network.strip())
        return given

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, given: str) -> str:
        for origin in given.split(","):
            if origin.strip() not in {"", "*"} and not ORIGIN.fullmatch(origin.strip()):
                raise ValueError(f"{origin.strip()} is no origin: scheme://host or scheme://host:port, in lower case")
        return given

    @field_validator("app_url", "public_url", "redis_url")
    @classmethod
    def _can_be_read(cls, given: str) -> str:
        demand_readable(given)
        return given

    @property
    def proxies(self) -> TrustedProxies:
        """Whose X-Forwarded-* count."""
        networks = [ip_network(part.strip()) for part in self.trusted_proxies.split(",") if part.strip()]
        return TrustedProxies(self.trusted_hops, tuple(networks))

    @property
    def origins(self) -> frozenset[str]:
        """The origins that browsers may call from, without trailing slashes."""
        return frozenset(origin.strip().rstrip("/") for origin in self.cors_origins.split(",") if origin.strip())

    @property
    def socket_origins(self) -> frozenset[str]:
        """The origins beside those and the gateway's own host whose pages may open a WebSocket."""
        pages = [urlsplit(url) for url in (self.app_url, self.public_url) if url]
        return frozenset(f"{page.scheme}://{page.netloc}" for page in pages)

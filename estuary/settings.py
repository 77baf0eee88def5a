"""What an operator says to the whole install, and what follows from it for every service."""

import hashlib
import os
import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from estuary.services import SERVICES
from gateway.headers import is_loopback
from shared.database.postgres import runs_as_root
from shared.settings import ServiceSettings

STRIPE_STAND_IN = "sk_test_estuary"
PRIVATE = 0o001
CONNECTIONS = {"postgres", "kafka", "smtp", "redis"}
LOWEST_PORT, PORTS = 30_200, 2_500


class EstuarySettings(ServiceSettings):
    """Prefix ESTUARY_, and the names by which the parts outside are known."""

    model_config = SettingsConfigDict(env_prefix="ESTUARY_")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    home: Path = Path(".estuary")
    demo: bool = True
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    service_key: str = Field(default="", description="Every service's key is derived from it; at least 32 characters")
    service_keys: str = Field(default="", description="Public halves: name=key,... with | between several of one name")
    pool_size: int = Field(default=10, ge=2, le=100, description="Database connections of one process and service")
    drain_seconds: float = Field(default=1.0, ge=0, le=60, description="Serves on after SIGTERM, no longer ready")
    peers: str = Field(default="", description="name=http://host:port,... with | between several of one name")
    database_url: str = Field(default="", validation_alias="DATABASE_URL", pattern="^$|^postgres(ql)?(\\+asyncpg)?://")
    kafka: str = Field(default="", validation_alias="KAFKA_BOOTSTRAP_SERVERS")
    stripe_secret_key: str = Field(default=STRIPE_STAND_IN, validation_alias="STRIPE_SECRET_KEY")
    smtp_url: str = Field(default="", validation_alias="SMTP_URL")
    stand_ins_allowed: bool = Field(
        default=True,
        validation_alias="ESTUARY_STAND_INS",
        description="`false` for processes of a real install that are not given the Stripe key themselves",
    )

    read_only: bool = Field(default=False, validation_alias="READ_ONLY_MODE", description="Writes are refused")
    sandbox_public: bool = Field(default=False, description="`1`: the sandbox may be reached from other machines")
    insecure: str = Field(default="", description="`postgres,kafka,smtp,redis`: which of them are reached without TLS")

    @property
    def insecure_names(self) -> frozenset[str]:
        """Connections that the operator declares private, although they are not encrypted."""
        return frozenset(name.strip() for name in self.insecure.split(",") if name.strip())

    @field_validator("insecure")
    @classmethod
    def _names_are_known(cls, given: str) -> str:
        unknown = {name.strip() for name in given.split(",") if name.strip()} - CONNECTIONS
        if unknown:
            raise ValueError(f"{sorted(unknown)[0]} is none of {', '.join(sorted(CONNECTIONS))}")
        return given

    @property
    def stand_ins(self) -> bool:
        """Whether Stripe is the sandbox, and with it the movable clock, the demo accounts and the mail page."""
        return self.stand_ins_allowed and self.stripe_secret_key == STRIPE_STAND_IN

    @property
    def address(self) -> str:
        """Where a person on this machine finds the gateway."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host
        return f"http://{host}:{self.port}"

    @property
    def data(self) -> Path:
        """The folder of Postgres. As root, Postgres opens every folder above its data to other users, so that a home
        below a private folder keeps its data in /var/lib/estuary instead."""
        home = self.home.resolve()
        private = any(parent.exists() and not parent.stat().st_mode & PRIVATE for parent in (home, *home.parents))
        if runs_as_root() and private:
            return Path("/var/lib/estuary") / hashlib.sha256(str(home).encode()).hexdigest()[:12] / "postgres"
        return home / "postgres"

    @model_validator(mode="after")
    def _sandbox_has_a_long_key(self) -> Self:
        """With real settings the checklist names a short one, beside all else."""
        if self.stand_ins and self.service_key and len(self.service_key) < 32:
            raise ValueError("ESTUARY_SERVICE_KEY needs at least 32 characters")
        return self


def service_environment(settings: EstuarySettings, env: Mapping[str, str]) -> dict[str, str]:
    """The environment that services read: the operator's, with what the sandbox and this install add."""
    added = {"ESTUARY_SERVICE_KEY": settings.service_key or stored_secret(settings.home / "keys" / "service.key")}
    added["ESTUARY_STAND_INS"] = str(settings.stand_ins).lower()
    added["ESTUARY_SERVICES"] = ",".join(SERVICES)
    if settings.stand_ins:
        added["ESTUARY_PUBLIC_URL"] = env.get("ESTUARY_PUBLIC_URL") or f"http://localhost:{settings.port}"
        added["STRIPE_API_BASE"] = env.get("STRIPE_API_BASE") or f"{settings.address}/sandbox/stripe"
        added["IDENTITY_SANDBOX_BASE"] = env.get("IDENTITY_SANDBOX_BASE") or f"{settings.address}/sandbox/oidc"
    if settings.stand_ins and not settings.smtp_url:
        port = env.get("SANDBOX_SMTP_PORT") or str(free_port())
        added |= {"SANDBOX_SMTP_PORT": port, "SMTP_URL": f"smtp://127.0.0.1:{port}"}
    return {**env, **added}


def gateway_environment(settings: EstuarySettings, env: Mapping[str, str]) -> dict[str, str]:
    """The environment that the gateway reads: where only this machine can call the sandbox, rates have no limit
    unless the operator says so."""
    own = {"ESTUARY_STAND_INS": str(settings.stand_ins)}
    if settings.stand_ins and (settings.host == "localhost" or is_loopback(settings.host)):
        own["GATEWAY_RATE_LIMITS"] = env.get("GATEWAY_RATE_LIMITS") or "off"
    return {**env, **own}


def free_port() -> int:
    """A port of this machine that nobody listens on at this moment.

    It lies below those that systems choose themselves: a listener on port 0 could be given it meanwhile.
    """
    while True:
        port = LOWEST_PORT + secrets.randbelow(PORTS)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def stored_secret(path: Path) -> str:
    """The secret in that file; made at the first call, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):  # another process was first: its secret counts
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text().strip()

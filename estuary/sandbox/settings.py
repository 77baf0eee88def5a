"""The sandbox's settings; the Stripe keys are the ones that the documentation names."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$")]


class SandboxSettings(ServiceSettings):
    """Where the sandbox listens, write and send."""

    model_config = SettingsConfigDict(env_prefix="SANDBOX_")

    home: Path = Field(default=Path(".estuary"), validation_alias="ESTUARY_HOME")
    port: int = Field(default=8000, validation_alias="ESTUARY_PORT")
    secret_key: str = "sk_test_estuary"
    publishable_key: str = "pk_test_estuary"
    webhook_secret: str = Field(default="whsec_estuary", validation_alias="STRIPE_WEBHOOK_SECRET")
    public_url: Address | None = None
    """How browsers reach the gateway; links for onboarding and 3D Secure start with it."""
    install_url: Address | None = Field(default=None, validation_alias="ESTUARY_PUBLIC_URL")
    """How browsers reach the install; the sign-in providers are below it."""
    webhook_url: Address | None = None
    """Where webhooks are sent; the gateway of this machine unless set."""
    webhook_events: str = ""
    """Types to send, separated by commas; `*` for all; empty for those that change what a marketplace knows."""
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=8025, ge=0, le=65535)
    """0 lets the system choose."""
    payout_seconds: float = Field(default=1.0, ge=0)
    """How long a payout, or another slow payment, is under way."""
    opening_balance: int = Field(default=100_000_000, ge=0)
    """Minor units that the platform's Stripe balance starts with."""
    settle_days: int = Field(default=0, ge=0, le=60)
    """Business days until takings are available, by business time; 0: at once."""

    @property
    def public(self) -> str:
        """The public address, without a slash at its end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def install(self) -> str:
        """The install's public address as identity has it too, without a slash at its end."""
        return (self.install_url or f"http://localhost:{self.port}").rstrip("/")

    @property
    def webhooks_to(self) -> str:
        """The address that receives the webhooks."""
        return self.webhook_url or f"http://127.0.0.1:{self.port}/api/v1/webhooks/stripe/"

    @property
    def mail_folder(self) -> Path:
        """Where mails are kept as files."""
        return self.home / "mail"

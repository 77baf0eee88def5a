"""Settings of notifications."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.records.names import NameForm
from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`SMTP_URL` and the variables that begin with NOTIFICATIONS_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    smtp_url: str = Field(
        default="smtp://localhost:25", validation_alias="SMTP_URL", pattern=r"^smtp(s|\+starttls)?://"
    )
    mail_from: str = "Estuary <no-reply@estuary.example>"
    smtp_connections: int = Field(
        default=8, ge=2, le=200, description="Connections to the mail server, a quarter for the first lane alone"
    )
    app_url: str | None = Field(
        default=None,
        validation_alias="ESTUARY_APP_URL",
        pattern=r"^https?://",
        description="Where the pages for people are",
    )
    public_url: str = Field(
        default="http://localhost:8000",
        validation_alias="ESTUARY_PUBLIC_URL",
        pattern=r"^https?://",
        description="Where the gateway is reached: without ESTUARY_APP_URL mails link to its pages under /account",
    )
    client_names: NameForm = Field(
        default="initial",
        validation_alias="BOOKING_CLIENT_NAMES",
        description="How practitioners read of clients, as in booking: `Ana K.`, or whole",
    )

    @property
    def account_pages(self) -> str:
        """The address below which the pages of mailed links are, without a slash at the end."""
        return (self.app_url or f"{self.public_url.rstrip('/')}/account").rstrip("/")

"""Settings of notifications."""

from email.headerregistry import HeaderRegistry
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from shared.records.mail_sender import DEFAULT_SENDER
from shared.records.names import NameForm
from shared.settings import ServiceSettings, demand_readable


class Settings(ServiceSettings):
    """`SMTP_URL` and the variables that begin with NOTIFICATIONS_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    smtp_url: str = Field(
        default="smtp://localhost:25", validation_alias="SMTP_URL", pattern=r"^smtp(s|\+starttls)?://"
    )
    mail_from: str = DEFAULT_SENDER
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

    @field_validator("smtp_url")
    @classmethod
    def _names_a_server(cls, given: str) -> str:
        demand_readable(given)
        parts = urlsplit(given)
        if not parts.hostname or parts.port == 0:
            raise ValueError("names no mail server: smtps://user:password@host:port")
        return given

    @field_validator("mail_from")
    @classmethod
    def _is_one_sender(cls, given: str) -> str:
        """Else every mail would be refused, one after the other."""
        header: Any = HeaderRegistry()("From", given)  # its type is made for its name
        senders = header.addresses if given.isprintable() else ()
        complete = [sender for sender in senders if sender.username and sender.domain and sender.addr_spec.isascii()]
        if len(complete) != 1 or len(senders) != 1:
            raise ValueError('is not one sender: Name <address>, "Name, Inc." <address>, or an address alone')
        return given

    @property
    def account_pages(self) -> str:
        """The address below which the pages of mailed links are, without a slash at the end."""
        return (self.app_url or f"{self.public_url.rstrip('/')}/account").rstrip("/")

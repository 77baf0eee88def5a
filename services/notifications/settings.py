"""Settings of notifications."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class Settings(ServiceSettings):
    """`SMTP_URL` and the variables that begin with NOTIFICATIONS_."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    smtp_url: str = Field(
        default="smtp://localhost:25", validation_alias="SMTP_URL", pattern=r"^smtp(s|\+starttls)?://"
    )
    mail_from: str = "Estuary <no-reply@estuary.example>"

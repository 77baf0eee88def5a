"""Streams' settings, prefix `STREAMS_`."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class StreamsSettings(ServiceSettings):
    """Only what every service has: the install's currency."""

    model_config = SettingsConfigDict(env_prefix="STREAMS_")

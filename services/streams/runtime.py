"""What streams has from outside."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from services.streams.settings import StreamsSettings
from shared.runtime import Runtime
from shared.web.http import runtime_of


@dataclass(frozen=True)
class StreamsRuntime(Runtime):
    """What every service has, and streams' settings."""

    settings: StreamsSettings


RuntimeDep = Annotated[StreamsRuntime, Depends(runtime_of)]

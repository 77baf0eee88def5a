"""How the document names what a validator demands of a text, where a JSON Schema cannot say it."""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import GetJsonSchemaHandler
from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Format:
    """For `Annotated`: the `format` of the text in the document, beside whatever else is said of it."""

    name: Literal["email", "language", "line", "lines", "name", "phone", "timezone"]

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {**handler(schema), "format": self.name}

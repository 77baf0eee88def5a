"""Bodies about API keys."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from shared.web.http import Body, Text, UtcTime, View

Scope = Annotated[Text, StringConstraints(min_length=1, max_length=60)]


class NewApiKey(Body):
    """What the key is for, and what it may do at most."""

    name: Annotated[Text, StringConstraints(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=40)]
    expires_at: UtcTime | None = None


class ApiKeyView(View):
    """A key as its owner sees it; `last_used_at` to the minute."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: UtcTime
    expires_at: UtcTime | None
    last_used_at: UtcTime | None


class CreatedApiKey(ApiKeyView):
    """The new one, with the key itself, which is shown only here."""

    key: str

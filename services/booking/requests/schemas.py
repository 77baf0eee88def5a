"""What practitioners send to decide."""

from typing import Annotated

from pydantic import Field

from shared.web.http import Body, LongText


class DeclineBody(Body):
    """`reason` goes to the client."""

    reason: Annotated[LongText, Field(max_length=2000)] | None = None

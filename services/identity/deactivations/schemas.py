"""Bodies about leaving."""

from typing import Annotated

from pydantic import StringConstraints

from shared.web.http import Body, LongText


class Leaving(Body):
    """Why, if the person wants to say."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)] | None = None

"""Bodies of suspending and restoring."""

from typing import Annotated

from pydantic import StringConstraints

from shared.web.http import Body, LongText


class Reasoned(Body):
    """Why it is done, for the audit log."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)]

"""Bodies about mailed tokens."""

from typing import Annotated

from pydantic import StringConstraints

from shared.web.http import Body, Text, View

MailedToken = Annotated[Text, StringConstraints(min_length=1, max_length=200)]


class Token(Body):
    """The token of a mailed link."""

    token: MailedToken


class Accepted(View):
    """What was asked for is done later, or not at all: the answer does not say which."""

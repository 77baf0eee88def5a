"""Bodies of polls."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from services.streams.polls.domain import MOST_OPTIONS
from shared.web.http import Body, Text, UtcTime, View

OptionText = Annotated[Text, StringConstraints(min_length=1, max_length=200)]


class NewPoll(Body):
    """The options, and until when they can be voted for; without `closes_at` for ever."""

    options: Annotated[list[OptionText], Field(min_length=2, max_length=MOST_OPTIONS)]
    closes_at: UtcTime | None = None


class NewVote(Body):
    """The option to vote for."""

    option_id: UUID


class OptionView(View):
    """An option, and how many voted for it."""

    id: UUID
    text: str
    votes: int


class PollView(View):
    """The poll as the caller sees it; `voted` says whether the caller has, `voted_option_id` for what."""

    options: list[OptionView]
    closes_at: UtcTime | None
    voted: bool
    voted_option_id: UUID | None

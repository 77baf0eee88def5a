"""Bodies about posts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from services.streams.channels.schemas import Level, TierView
from services.streams.posts.domain import LONGEST_BODY, MOST_OPTIONS, PostStatus, PostType
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
PostBody = Annotated[LongText, StringConstraints(min_length=1, max_length=LONGEST_BODY)]
Teaser = Annotated[LongText, StringConstraints(max_length=500)]
OptionText = Annotated[Text, StringConstraints(min_length=1, max_length=200)]


class NewPoll(Body):
    """What can be voted for, and until when; without `closes_at` for ever."""

    options: Annotated[list[OptionText], Field(min_length=2, max_length=MOST_OPTIONS)]
    closes_at: UtcTime | None = None


class NewPost(Body):
    """A post. `published_at` belongs to `scheduled`, `poll` to the type `poll`; the teaser is for everyone."""

    title: Title
    body: PostBody
    post_type: PostType
    tier_level: Level
    teaser: Teaser | None = None
    status: PostStatus
    published_at: UtcTime | None = None
    poll: NewPoll | None = None


class PostChange(Body):
    """What is left out or null stays; a `teaser` of no characters takes it away.

    The type cannot change, a poll only until the post is published.
    """

    title: Title | None = None
    body: PostBody | None = None
    post_type: PostType | None = None
    tier_level: Level | None = None
    teaser: Teaser | None = None
    status: PostStatus | None = None
    published_at: UtcTime | None = None
    poll: NewPoll | None = None


class NewVote(Body):
    """What to vote for."""

    option_id: UUID


class OptionView(View):
    """An answer, and how many voted for it."""

    id: UUID
    text: str
    votes: int


class PollView(View):
    """The poll as the caller sees it; `voted` says whether the caller has, `voted_option_id` for what."""

    options: list[OptionView]
    closes_at: UtcTime | None
    voted: bool
    voted_option_id: UUID | None


class PostHead(View):
    """What everyone may know of a post that is out."""

    id: UUID
    stream_id: UUID
    title: str
    teaser: str | None
    post_type: PostType
    tier_level: int
    status: PostStatus
    published_at: UtcTime | None
    like_count: int
    liked: bool
    comment_count: int
    created_at: UtcTime
    updated_at: UtcTime


class PostView(PostHead):
    """A post for who may see it."""

    locked: Literal[False] = False
    body: str
    poll: PollView | None


class LockedPostView(PostHead):
    """A post for who may not: neither body nor poll."""

    locked: Literal[True] = True
    required_tier: TierView


AnyPost = PostView | LockedPostView

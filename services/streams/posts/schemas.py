"""Bodies of posts."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from services.streams.polls.schemas import NewPoll, PollView
from services.streams.posts.domain import LONGEST_BODY, PostStatus, PostType
from services.streams.tiers.schemas import Level, TierView
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
PostBody = Annotated[LongText, StringConstraints(min_length=1, max_length=LONGEST_BODY)]
Teaser = Annotated[LongText, StringConstraints(max_length=500)]


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
    """What is left out stays. A `teaser` that is null or has no characters is taken away; null is refused for what a
    post of that type and status must have.

    The type cannot change, a poll only until the post is published.
    """

    title: Title = UNCHANGED
    body: PostBody = UNCHANGED
    post_type: PostType = UNCHANGED
    tier_level: Level = UNCHANGED
    teaser: Teaser | None = None
    status: PostStatus = UNCHANGED
    published_at: UtcTime | None = None
    poll: NewPoll | None = None


class PostHead(View):
    """What everyone may know of a published post."""

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
    """A post that is open to the caller."""

    locked: Literal[False] = False
    body: str
    poll: PollView | None


class LockedPostView(PostHead):
    """A post that is not: neither body nor poll."""

    locked: Literal[True] = True
    required_tier: TierView


AnyPost = PostView | LockedPostView

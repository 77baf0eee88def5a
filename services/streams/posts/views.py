"""Posts as the caller sees them: the only place that puts a post's body or poll into an answer."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.streams.entitlement.domain import FREE, rule
from services.streams.entitlement.repository import levels
from services.streams.polls.models import PollOption
from services.streams.polls.repository import Polls
from services.streams.polls.schemas import OptionView, PollView
from services.streams.posts.domain import PostType, status_at
from services.streams.posts.models import Post
from services.streams.posts.repository import Posts
from services.streams.posts.schemas import AnyPost, LockedPostView, PostView
from services.streams.tiers.repository import Tiers
from services.streams.tiers.schemas import TierView
from shared.auth.verification import Caller
from shared.database.session import Session

FIELDS = """id stream_id title teaser post_type tier_level published_at created_at updated_at""".split()


async def is_open(session: Session, post: Post, user_id: UUID | None) -> bool:
    """Whether that user may see the post's body now."""
    known = await levels(session, user_id, [post.stream_id])
    return bool(rule(post.access_input, user_id, known.get(post.stream_id, FREE), session.now()).open)


async def views_of(session: Session, posts: Sequence[Post], caller: Caller | None) -> list[AnyPost]:
    """Each open or locked; the same number of queries, however many they are."""
    is_open = await _open_among(session, posts, caller)
    heads = await _heads(session, posts, caller)
    open_polls = [post for post in posts if is_open[post.id] and post.post_type is PostType.POLL]
    polls = await _polls(session, open_polls, caller)
    locked = await _required_tiers(session, [post for post in posts if not is_open[post.id]])
    return [
        PostView(**heads[post.id], body=post.body, poll=polls.get(post.id))
        if is_open[post.id]
        else LockedPostView(**heads[post.id], required_tier=locked[post.id])
        for post in posts
    ]


async def view_of(session: Session, post: Post, caller: Caller | None) -> AnyPost:
    """One of them."""
    [view] = await views_of(session, [post], caller)
    return view


async def _open_among(session: Session, posts: Sequence[Post], caller: Caller | None) -> dict[UUID, bool]:
    user_id = None if caller is None else caller.user_id
    known = await levels(session, user_id, {post.stream_id for post in posts})
    return {
        post.id: bool(rule(post.access_input, user_id, known.get(post.stream_id, FREE), session.now()).open)
        for post in posts
    }


async def _heads(session: Session, posts: Sequence[Post], caller: Caller | None) -> dict[UUID, dict[str, Any]]:
    """What everyone may know of each post."""
    ids, now = [post.id for post in posts], session.now()
    liked, counts = await Posts(session).liked_among(ids, caller), await Posts(session).counts(ids)
    return {
        post.id: {name: getattr(post, name) for name in FIELDS}
        | {
            "status": status_at(post.status, post.published_at, now),
            "like_count": counts[post.id].likes,
            "liked": post.id in liked,
            "comment_count": counts[post.id].comments,
        }
        for post in posts
    }


async def _required_tiers(session: Session, locked: Sequence[Post]) -> dict[UUID, TierView]:
    tiers = await Tiers(session).by_stream({post.stream_id for post in locked}) if locked else {}
    found = {(tier.stream_id, tier.level): tier for rows in tiers.values() for tier in rows}
    return {post.id: TierView.model_validate(found[post.stream_id, post.tier_level]) for post in locked}


async def _polls(session: Session, posts: Sequence[Post], caller: Caller | None) -> dict[UUID, PollView]:
    if not posts:
        return {}
    ids = [post.id for post in posts]
    options, tally = await Polls(session).options(ids), await Polls(session).tally(ids)
    own = await Polls(session).votes_of(ids, caller)
    return {post.id: _poll(post, options.get(post.id, ()), tally, own.get(post.id)) for post in posts}


def _poll(post: Post, options: Sequence[PollOption], tally: Mapping[UUID, int], vote: UUID | None) -> PollView:
    answers = [OptionView(id=option.id, text=option.text, votes=tally.get(option.id, 0)) for option in options]
    return PollView(options=answers, closes_at=post.closes_at, voted=vote is not None, voted_option_id=vote)

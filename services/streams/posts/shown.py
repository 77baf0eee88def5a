"""How posts look to who asks: the only place that puts a post's body or poll into an answer."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.streams.channels.repository import TierRows
from services.streams.channels.schemas import TierView
from services.streams.entitlement import FREE, decide
from services.streams.follows.repository import Follows
from services.streams.models import PollOption, Post
from services.streams.posts.domain import PostType, status_at
from services.streams.posts.repository import Polls, Posts
from services.streams.posts.schemas import AnyPost, LockedPostView, OptionView, PollView, PostView
from shared.auth.verification import Who
from shared.database.session import Session

FACTS = """id stream_id title teaser post_type tier_level published_at created_at updated_at""".split()


async def is_open(session: Session, user_id: UUID | None, post: Post) -> bool:
    """Whether that person may see the post's body now."""
    levels = await Follows(session).levels(user_id, [post.stream_id])
    return bool(decide(post, user_id, levels.get(post.stream_id, FREE), session.now()).open)


async def shown(session: Session, who: Who | None, posts: Sequence[Post]) -> list[AnyPost]:
    """The posts as the caller sees them, each open or locked; the same number of queries, however many they are."""
    now, caller = session.now(), None if who is None else who.user_id
    levels = await Follows(session).levels(caller, {post.stream_id for post in posts})
    is_open = {post.id: decide(post, caller, levels.get(post.stream_id, FREE), now).open for post in posts}
    heads = await _heads(session, who, posts)
    polls = await _polls(session, who, [post for post in posts if is_open[post.id] and post.post_type is PostType.POLL])
    locked = await _required_tiers(session, [post for post in posts if not is_open[post.id]])
    return [
        PostView(**heads[post.id], body=post.body, poll=polls.get(post.id))
        if is_open[post.id]
        else LockedPostView(**heads[post.id], required_tier=locked[post.id])
        for post in posts
    ]


async def _heads(session: Session, who: Who | None, posts: Sequence[Post]) -> dict[UUID, dict[str, Any]]:
    """What everyone may know of each post."""
    ids, now = [post.id for post in posts], session.now()
    liked, counts = await Posts(session).liked_among(who, ids), await Posts(session).counts(ids)
    return {
        post.id: {name: getattr(post, name) for name in FACTS}
        | {
            "status": status_at(post.status, post.published_at, now),
            "like_count": counts[post.id].likes,
            "liked": post.id in liked,
            "comment_count": counts[post.id].comments,
        }
        for post in posts
    }


async def _required_tiers(session: Session, locked: Sequence[Post]) -> dict[UUID, TierView]:
    tiers = await TierRows(session).of({post.stream_id for post in locked}) if locked else {}
    found = {(tier.stream_id, tier.level): tier for rows in tiers.values() for tier in rows}
    return {post.id: TierView.model_validate(found[post.stream_id, post.tier_level]) for post in locked}


async def _polls(session: Session, who: Who | None, posts: Sequence[Post]) -> dict[UUID, PollView]:
    if not posts:
        return {}
    ids = [post.id for post in posts]
    options, tally = await Polls(session).options(ids), await Polls(session).tally(ids)
    own = await Polls(session).votes_of(who, ids)
    return {post.id: _poll(post, options.get(post.id, ()), tally, own.get(post.id)) for post in posts}


def _poll(post: Post, options: Sequence[PollOption], tally: Mapping[UUID, int], vote: UUID | None) -> PollView:
    answers = [OptionView(id=option.id, text=option.text, votes=tally.get(option.id, 0)) for option in options]
    return PollView(options=answers, closes_at=post.closes_at, voted=vote is not None, voted_option_id=vote)

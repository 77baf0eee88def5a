"""Use cases of posts: create, change, publish, announce, like."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.streams.comments.domain import CommentTarget
from services.streams.metrics import LOCKED, POSTS_PUBLISHED, RECIPIENTS
from services.streams.polls import service as polls
from services.streams.polls.repository import Polls
from services.streams.polls.schemas import NewPoll
from services.streams.posts.domain import TRANSITIONS, PostStatus, PostType, status_at
from services.streams.posts.errors import Locked, PollFixed
from services.streams.posts.models import Post
from services.streams.posts.repository import Posts
from services.streams.posts.schemas import AnyPost, LockedPostView, NewPost, PostChange
from services.streams.posts.views import is_open
from services.streams.reactions.models import PostLike
from services.streams.reactions.repository import Reactions
from services.streams.runtime import StreamsRuntime
from services.streams.streams.repository import Streams
from services.streams.streams.subscribing import ask_payments
from services.streams.subscriptions.repository import Subscriptions
from services.streams.tiers import service as tiers
from services.streams.tiers.domain import FREE
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.errors import Invalid
from shared.events.streams import PostAnnounced, PostDeleted, PostPublished
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.state import transition

RECIPIENTS_PER_BATCH = 100


async def create(session: Session, stream_id: UUID, caller: Caller, given: NewPost) -> Post:
    """Stores a post in one's own stream; raises NotFound, UnknownTier, Invalid on a schedule that cannot be."""
    stream = await Streams(session).get_own(stream_id, caller)
    now = session.now()
    moment = _publication(given.status, given.published_at, now)
    _check_poll(given.post_type, given.poll, moment or now)
    await tiers.existing(session, stream.id, given.tier_level)
    post = Post(
        id=new_id(),
        stream_id=stream.id,
        owner_id=caller.user_id,
        **given.model_dump(include={"title", "body", "post_type", "tier_level", "status"}),
        teaser=given.teaser or None,
        published_at=moment,
        closes_at=given.poll.closes_at if given.poll else None,
        created_at=now,
        updated_at=now,
    )
    session.add(post)
    await session.flush()
    if given.poll is not None:
        await Polls(session).replace(post.id, given.poll.options)
    if post.status is PostStatus.PUBLISHED:
        _emit_published(session, post)
    return post


async def change(session: Session, post_id: UUID, caller: Caller, given: PostChange) -> Post:
    """Changes what is given of one's own post; raises IllegalTransition for a way back from publication."""
    post = await Posts(session).get_own(post_id, caller)
    now = session.now()
    if status_at(post.status, post.published_at, now) is not post.status:
        publish(session, post)
    if given.post_type not in {None, post.post_type}:
        raise Invalid("The type of a post stays.", code="type_is_fixed", field="post_type")
    if given.tier_level is not None:
        await tiers.existing(session, post.stream_id, given.tier_level)
    await _change_poll(session, post, given)
    for name, value in given.model_dump(exclude_none=True, include={"title", "body", "tier_level"}).items():
        setattr(post, name, value)
    post.teaser = (given.teaser or None) if "teaser" in given.model_fields_set else post.teaser
    post.updated_at = now
    _move(session, post, given, now)
    await session.flush()
    return post


async def remove(session: Session, post_id: UUID, caller: Caller) -> None:
    """Deletes one's own post with its poll, likes and comments."""
    post = await Posts(session).get_own(post_id, caller, for_deletion=True)
    await session.delete(post)
    if post.status is PostStatus.PUBLISHED:
        emit(session, PostDeleted(post_id=post.id, stream_id=post.stream_id))


async def get_open(session: Session, post_id: UUID, caller: Caller, *, lock: bool = True) -> Post:
    """A post whose body the caller may see; raises NotFound, and Locked where a higher tier is needed."""
    post = await Posts(session).get_visible(post_id, caller, lock=lock)
    if not await is_open(session, post, caller.user_id):
        LOCKED.inc()
        raise Locked
    return post


async def opens_by_now(runtime: StreamsRuntime, seen: Iterable[AnyPost], caller: Caller | None) -> bool:
    """Whether what was locked to the caller has to be looked at anew: they may have paid in this moment."""
    locked = [view for view in seen if isinstance(view, LockedPostView)]
    if caller is None or not locked:
        return False
    async with runtime.db.read() as session:
        known = await Subscriptions(session).that_matter(caller.user_id)
    levels = {each.stream_id: each.level for each in known if not each.is_unpaid}
    if any(levels.get(view.stream_id, FREE) >= view.tier_level for view in locked):
        return True  # payments' event came after the look at it
    return any(each.is_unpaid for each in known) and await ask_payments(runtime, caller.user_id)


async def like(session: Session, post_id: UUID, caller: Caller) -> None:
    """Likes a post that is open to the caller; again changes nothing. Raises NotFound, Locked."""
    await get_open(session, post_id, caller)
    await Reactions(session, PostLike).add(post_id, caller.user_id)


async def unlike(session: Session, post_id: UUID, caller: Caller) -> None:
    """No longer likes a post, even one that needs a higher tier by now; again changes nothing. Raises NotFound."""
    await Posts(session).get_visible(post_id, caller, lock=True)
    await Reactions(session, PostLike).remove(post_id, caller.user_id)


async def comment_target(session: Session, post_id: UUID, caller: Caller, *, lock: bool = True) -> CommentTarget:
    """A post that is open to the caller; raises NotFound, Locked. With `lock` it cannot be deleted meanwhile."""
    return await _target(session, await get_open(session, post_id, caller, lock=lock))


async def comment_target_to_remove(session: Session, post_id: UUID, caller: Caller) -> CommentTarget:
    """A post that may need a higher tier by now, to remove one's own comment there; raises NotFound."""
    return await _target(session, await Posts(session).get_visible(post_id, caller, lock=True))


def publish(session: Session, post: Post, moment: datetime | None = None) -> None:
    """Moves a locked row to published, at its scheduled moment unless another is given, and emits PostPublished."""
    transition(post, PostStatus.PUBLISHED, TRANSITIONS)
    post.published_at = moment or post.published_at
    _emit_published(session, post)


async def announce(session: Session, post: Post) -> None:
    """Emits PostAnnounced for the next batch of followers who may see the post now; its row is locked."""
    recipients = await Posts(session).next_recipients(post, RECIPIENTS_PER_BATCH)
    if recipients:
        stream = await Streams(session).get(post.stream_id)
        fields = _event_fields(post)
        emit(session, PostAnnounced(**fields, stream_title=stream.title, recipient_ids=tuple(recipients)))
        post.announced_up_to = recipients[-1]
        RECIPIENTS.inc(len(recipients))
    if len(recipients) < RECIPIENTS_PER_BATCH:
        post.announced_at = session.now()


def _event_fields(post: Post) -> Mapping[str, Any]:
    return {"post_id": post.id, "stream_id": post.stream_id, "owner_id": post.owner_id, "title": post.title}


def _emit_published(session: Session, post: Post) -> None:
    emit(
        session,
        PostPublished(
            **_event_fields(post),
            post_type=post.post_type,
            tier_level=post.tier_level,
            published_at=post.published_at or session.now(),
        ),
    )
    POSTS_PUBLISHED.labels(post.post_type.value).inc()
    session.wake_jobs_after_commit("announce_posts")


def _move(session: Session, post: Post, given: PostChange, now: datetime) -> None:
    """Follows the given status; the same status again only moves a scheduled moment."""
    status = given.status or post.status
    if status is PostStatus.PUBLISHED and post.status is PostStatus.PUBLISHED:
        if given.published_at not in {None, post.published_at}:
            raise Invalid("The post is published already.", code="already_published", field="published_at")
        return
    stays = status is PostStatus.SCHEDULED and "published_at" not in given.model_fields_set
    kept = post.published_at if stays else None
    moment = _publication(status, given.published_at or kept, now)
    polls.check_closing(post.closes_at, moment or now)
    if status is PostStatus.PUBLISHED:
        publish(session, post, moment)
        return
    if status is not post.status:
        transition(post, status, TRANSITIONS)
    post.published_at = moment


def _publication(status: PostStatus, given: datetime | None, now: datetime) -> datetime | None:
    """When a post of that status is published; raises Invalid on a moment that does not fit the status."""
    if status is PostStatus.SCHEDULED and given is None:
        raise Invalid("A scheduled post needs its moment.", code="missing", field="published_at")
    if given is not None and given <= now:
        raise Invalid("The moment lies in the past.", code="in_the_past", field="published_at")
    if status is not PostStatus.SCHEDULED and given is not None:
        raise Invalid("Only a scheduled post has a moment to come.", code="not_scheduled", field="published_at")
    return now if status is PostStatus.PUBLISHED else given


async def _change_poll(session: Session, post: Post, given: PostChange) -> None:
    if "poll" not in given.model_fields_set or (given.poll is None and post.post_type is not PostType.POLL):
        return
    if post.status is PostStatus.PUBLISHED:
        raise PollFixed
    _check_poll(post.post_type, given.poll, given.published_at or post.published_at or session.now())
    if given.poll is not None:
        post.closes_at = given.poll.closes_at
        await Polls(session).replace(post.id, given.poll.options)


def _check_poll(post_type: PostType, poll: NewPoll | None, opens_at: datetime) -> None:
    """Posts of type poll, and only these, have a poll."""
    if (post_type is PostType.POLL) is (poll is None):
        message = "A poll needs its options." if poll is None else "Only a post of type poll has a poll."
        raise Invalid(message, code="missing" if poll is None else "not_a_poll", field="poll")
    if poll is not None:
        polls.check(poll, opens_at)


async def _target(session: Session, post: Post) -> CommentTarget:
    stream = await Streams(session).get(post.stream_id)

    async def may_see(user_id: UUID) -> bool:
        return await is_open(session, post, user_id)

    return CommentTarget(stream.id, stream.owner_id, post.title, post.id, may_see)

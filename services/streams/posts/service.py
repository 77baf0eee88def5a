"""Use cases of posts: write, change, publish, announce, vote."""

from datetime import datetime
from uuid import UUID

from services.streams.channels.repository import Streams, TierRows
from services.streams.errors import AlreadyVoted, Locked, PollClosed, PollFixed, UnknownTier
from services.streams.follows.repository import Follows
from services.streams.metrics import LOCKED, POSTS_PUBLISHED, RECIPIENTS, VOTES
from services.streams.models import Post
from services.streams.posts.domain import TRANSITIONS, PostStatus, PostType, is_closed, status_at
from services.streams.posts.repository import Polls, Posts
from services.streams.posts.schemas import NewPoll, NewPost, PostChange
from services.streams.posts.shown import is_open
from shared.auth.verification import Who
from shared.database.session import Session
from shared.errors import Invalid, NotFound
from shared.events.streams import PostAnnounced, PostPublished
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.state import transition

RECIPIENTS_A_BATCH = 100


async def create(session: Session, who: Who, stream_id: UUID, given: NewPost) -> Post:
    """Writes a post into one's own stream; raises NotFound, UnknownTier, Invalid on a schedule that cannot be."""
    stream = await Streams(session).get_own(stream_id, who)
    now = session.now()
    moment = _publication(given.status, given.published_at, now)
    _check_poll(given.post_type, given.poll, moment or now)
    await _need_tier(session, stream.id, given.tier_level)
    post = Post(
        id=new_id(),
        stream_id=stream.id,
        owner_id=who.user_id,
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
        _tell_published(session, post)
    return post


async def change(session: Session, who: Who, post_id: UUID, given: PostChange) -> Post:
    """Changes what is given of one's own post; raises IllegalTransition for a way back from publication."""
    post = await Posts(session).get_own(post_id, who)
    now = session.now()
    if status_at(post.status, post.published_at, now) is not post.status:
        publish(session, post)
    if given.post_type not in {None, post.post_type}:
        raise Invalid("The type of a post stays.", code="type_is_fixed", field="post_type")
    if given.tier_level is not None:
        await _need_tier(session, post.stream_id, given.tier_level)
    await _change_poll(session, post, given)
    for name, value in given.model_dump(exclude_none=True, include={"title", "body", "tier_level"}).items():
        setattr(post, name, value)
    post.teaser = post.teaser if given.teaser is None else given.teaser or None
    post.updated_at = now
    _move(session, post, given, now)
    await session.flush()
    return post


async def remove(session: Session, who: Who, post_id: UUID) -> None:
    """Deletes one's own post with its poll, likes and comments."""
    await session.delete(await Posts(session).get_own(post_id, who, delete=True))


async def opened(session: Session, who: Who, post_id: UUID, *, keep: bool = True) -> Post:
    """A post whose body the caller may see; raises NotFound, and Locked where a higher tier is needed."""
    post = await Posts(session).get_visible(post_id, who, keep=keep)
    if not await is_open(session, who.user_id, post):
        LOCKED.inc()
        raise Locked
    return post


async def vote(session: Session, who: Who, post_id: UUID, option_id: UUID) -> Post:
    """The caller's one vote; raises NotFound for another poll's answer, Locked, PollClosed, AlreadyVoted."""
    post = await opened(session, who, post_id)
    if not await Polls(session).has(post.id, option_id):
        raise NotFound("The post has no such answer.")
    if is_closed(post.closes_at, session.now()):
        raise PollClosed
    if not await Polls(session).vote(post.id, who.user_id, option_id):
        raise AlreadyVoted
    VOTES.inc()
    return post


def publish(session: Session, post: Post, moment: datetime | None = None) -> None:
    """Moves a locked post to published, at its scheduled moment unless another is given, and tells of it."""
    transition(post, PostStatus.PUBLISHED, TRANSITIONS)
    post.published_at = moment or post.published_at
    _tell_published(session, post)


async def announce(session: Session, post: Post) -> None:
    """Tells the next batch of followers who may see the locked post now; the last batch ends it."""
    recipients = await Follows(session).to_tell(post, RECIPIENTS_A_BATCH)
    if recipients:
        stream = await Streams(session).get(post.stream_id)
        event = PostAnnounced(
            post_id=post.id,
            stream_id=post.stream_id,
            owner_id=post.owner_id,
            stream_title=stream.title,
            title=post.title,
            recipient_ids=tuple(recipients),
        )
        emit(session, event)
        post.announced_up_to = recipients[-1]
        RECIPIENTS.inc(len(recipients))
    if len(recipients) < RECIPIENTS_A_BATCH:
        post.announced_at = session.now()


def _tell_published(session: Session, post: Post) -> None:
    emit(
        session,
        PostPublished(
            post_id=post.id,
            stream_id=post.stream_id,
            owner_id=post.owner_id,
            title=post.title,
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
    kept = post.published_at if status is PostStatus.SCHEDULED else None
    moment = _publication(status, given.published_at or kept, now)
    _check_closing(post.closes_at, moment or now)
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


async def _need_tier(session: Session, stream_id: UUID, level: int) -> None:
    if await TierRows(session).find(stream_id, level) is None:
        raise UnknownTier(field="tier_level")


async def _change_poll(session: Session, post: Post, given: PostChange) -> None:
    if given.poll is None:
        return
    if post.status is PostStatus.PUBLISHED:
        raise PollFixed
    _check_poll(post.post_type, given.poll, given.published_at or post.published_at or session.now())
    post.closes_at = given.poll.closes_at
    await Polls(session).replace(post.id, given.poll.options)


def _check_poll(post_type: PostType, poll: NewPoll | None, opens_at: datetime) -> None:
    if (post_type is PostType.POLL) is (poll is None):
        message = "A poll needs its answers." if poll is None else "Only a post of type poll has a poll."
        raise Invalid(message, code="missing" if poll is None else "not_a_poll", field="poll")
    if poll is None:
        return
    if len(set(poll.options)) < len(poll.options):
        raise Invalid("Each answer can be there once.", code="repeated_option", field="poll.options")
    _check_closing(poll.closes_at, opens_at)


def _check_closing(closes_at: datetime | None, opens_at: datetime) -> None:
    if is_closed(closes_at, opens_at):
        raise Invalid("A poll closes after its post is published.", code="in_the_past", field="poll.closes_at")

"""Use cases of reactions. Each can be repeated at will."""

from uuid import UUID

from services.streams.channels.repository import Streams
from services.streams.models import PostLike
from services.streams.posts.repository import Posts
from services.streams.posts.service import opened
from services.streams.reactions.repository import Kind, Reactions
from shared.auth.verification import Who
from shared.database.session import Session


async def react_to_stream(session: Session, who: Who, kind: Kind, stream_id: UUID) -> None:
    """Likes or saves a stream; raises NotFound."""
    await Streams(session).get(stream_id, keep=True)
    await Reactions(session, kind).add(stream_id, who.user_id)


async def take_back_from_stream(session: Session, who: Who, kind: Kind, stream_id: UUID) -> None:
    """No longer likes or saves a stream; raises NotFound."""
    await Streams(session).get(stream_id, keep=True)
    await Reactions(session, kind).remove(stream_id, who.user_id)


async def like_post(session: Session, who: Who, post_id: UUID) -> None:
    """Likes a post that is open to the caller; raises NotFound, Locked."""
    await opened(session, who, post_id)
    await Reactions(session, PostLike).add(post_id, who.user_id)


async def unlike_post(session: Session, who: Who, post_id: UUID) -> None:
    """No longer likes a post, even one that got locked meanwhile; raises NotFound."""
    await Posts(session).get_visible(post_id, who, keep=True)
    await Reactions(session, PostLike).remove(post_id, who.user_id)

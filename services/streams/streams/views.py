"""Streams as the caller sees them."""

from collections.abc import Sequence

from services.streams.streams.models import Stream
from services.streams.streams.repository import Streams
from services.streams.streams.schemas import StreamView, ViewerState
from services.streams.tiers.repository import Tiers
from shared.auth.verification import Caller
from shared.database.session import Session


async def views_of(session: Session, streams: Sequence[Stream], caller: Caller | None) -> list[StreamView]:
    """Three queries, however many they are."""
    ids = [stream.id for stream in streams]
    tiers, counts = await Tiers(session).by_stream(ids), await Streams(session).counts(ids)
    states = await Streams(session).viewer_states(ids, caller)
    return [StreamView.of(row, tiers[row.id], counts[row.id], states.get(row.id, ViewerState())) for row in streams]


async def view_of(session: Session, stream: Stream, caller: Caller | None) -> StreamView:
    """One of them."""
    [view] = await views_of(session, [stream], caller)
    return view

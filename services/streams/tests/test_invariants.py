from datetime import timedelta

import pytest

from services.streams.invariants import INVARIANTS

BREAKS = {
    "every stream has its free level": """
        delete from streams.tiers where level = 0 and stream_id not in (select stream_id from streams.posts)
    """,
    "polls, and only polls, have options": "delete from streams.poll_options",
    "replies are one level deep, under the same post": """
        update streams.comments set parent_id = (select id from streams.comments where parent_id is not null limit 1)
        where parent_id is null
    """,
    "a published post has its event": "delete from streams.outbox where type = 'PostPublished'",
}


@pytest.fixture
async def lived_in(clock, maya, stream, somebody, poll):
    """A stream with a locked poll, and a comment with a reply; and an empty stream."""
    await maya.opens()
    fan, post = somebody(), await maya.writes(stream, tier_level=0)
    await fan.comments(post, parent_id=(await fan.comments(post))["id"])
    clock.advance(timedelta(hours=1))
    await maya.writes(stream, tier_level=1, **poll)


async def test_they_hold(broken, lived_in):
    assert await broken() == []


@pytest.mark.parametrize("name", INVARIANTS)
async def test_each_notices_when_it_is_broken(name, lived_in, sql, broken):
    await sql(BREAKS[name])
    assert await broken() == [name]

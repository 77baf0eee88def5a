from datetime import timedelta

from devtools.testing.delivery import events_of, run_jobs
from shared.events.streams import PostAnnounced
from shared.records.ids import new_id

MINUTE = timedelta(minutes=1)
FRIENDS = """
    insert into streams.fan_subscriptions (id, stream_id, user_id, level, status, access_until, version)
    select gen_random_uuid(), :stream_id, fan, 1, 'active', now() + interval '100 years', 1
    from unnest(cast(:ids as uuid[])) fan
"""


async def published(app, kind):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, kind)]


class TestAnnounce:
    async def test_followers_who_may_see_it_are_published_in_batches_each_once(self, app, maya, stream, sql):
        fans = sorted(new_id() for _ in range(250))
        rows = ", ".join(f"('{stream['id']}', '{fan}', 0, now())" for fan in fans)
        await sql(f"insert into streams.follows (stream_id, user_id, tier_level, created_at) values {rows}")
        await sql(FRIENDS, ids=fans[::5], stream_id=stream["id"])
        await maya.follows(stream)
        await maya.writes(stream)
        await run_jobs(app)
        batches = [event.recipient_ids for event in await published(app, PostAnnounced)]
        assert [len(batch) for batch in batches] == [100, 100, 50]
        assert {event.owner_id for event in await published(app, PostAnnounced)} == {maya.user_id}
        assert sorted(user for batch in batches for user in batch) == fans
        await maya.writes(stream, tier_level=1)
        await run_jobs(app)
        assert sorted((await published(app, PostAnnounced))[-1].recipient_ids) == fans[::5]

    async def test_nobody_is_notified_of_what_no_follower_may_see(self, app, maya, stream, somebody):
        await somebody().follows(stream)
        await maya.writes(stream, tier_level=1)
        await maya.writes(stream, status="draft")
        await run_jobs(app)
        assert await published(app, PostAnnounced) == []

    async def test_a_post_that_is_gone_is_not_announced(self, app, maya, stream, somebody):
        await somebody().follows(stream)
        post = await maya.writes(stream)
        await maya.delete(f"/posts/{post['id']}/")
        await run_jobs(app)
        assert await published(app, PostAnnounced) == []

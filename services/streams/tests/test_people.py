"""A creator who is gone is found nowhere; one who lost the approval is in no list."""

from datetime import timedelta
from uuid import UUID

import pytest

from devtools.testing.delivery import deliver, deliver_again, events_of, run_jobs
from devtools.testing.events import verification
from services.streams.tests.conftest import STREAM
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserRestored, UserSuspended
from shared.events.streams import PostAnnounced, PostPublished
from shared.records.ids import new_id


def verified(creator, stream, status: str, version: int = 3) -> PractitionerVerificationChanged:
    return verification(UUID(stream["practitioner_id"]), creator.user_id, status, version)


async def listed(who, path: str) -> int:
    return len((await who.get(path)).json()["results"])


async def test_streams_and_posts_of_who_is_gone_are_404_and_in_no_list(app, maya, stream, known):
    fan, post = await known(), await maya.writes(stream)
    await fan.follows(stream)
    await fan.post(f"/streams/{stream['id']}/save/")
    await deliver_again(app, UserDeactivated(user_id=maya.user_id))
    for path in (
        f"/streams/{stream['id']}/",
        f"/streams/{stream['id']}/posts/",
        f"/streams/{stream['id']}/comments/",
        f"/posts/{post['id']}/",
        f"/posts/{post['id']}/comments/",
    ):
        assert (await fan.get(path)).status_code == 404, path
    assert (await fan.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0})).status_code == 404
    for path in ("/streams/", f"/streams/?search={STREAM['title']}", "/streams/?saved=true"):
        assert await listed(fan, path) == 0, path
    assert (await fan.get("/streams/my-subscriptions/")).json()["results"] == []


async def test_what_was_scheduled_is_never_published_and_nobody_is_notified(app, maya, stream, known, clock):
    await (await known()).follows(stream)
    soon = clock.now() + timedelta(hours=1)
    await maya.writes(stream, status="scheduled", published_at=soon.isoformat())
    await maya.writes(stream)
    before = [type(event) for event in await events_of(app.state.runtime)]
    await deliver(app, UserDeactivated(user_id=maya.user_id))
    clock.advance(timedelta(hours=2))
    await run_jobs(app)
    after = [type(event) for event in await events_of(app.state.runtime)]
    assert (after.count(PostPublished), PostAnnounced in after) == (before.count(PostPublished), False)


@pytest.mark.parametrize("status", ["needs_changes", "rejected"])
async def test_without_approval_a_stream_leaves_the_lists_and_comes_back_with_it(app, maya, stream, known, status):
    fan = await known()
    await deliver_again(app, verified(maya, stream, status))
    assert await listed(fan, "/streams/") == 0
    assert (await fan.get(f"/streams/{stream['id']}/")).status_code == 200
    await deliver_again(app, verified(maya, stream, "approved", 5))
    await deliver_again(app, verified(maya, stream, "pending", 4))
    assert await listed(fan, "/streams/") == 1


async def test_a_stranger_who_is_gone_hides_nothing(app, maya, stream, known):
    await deliver_again(app, UserDeactivated(user_id=new_id()))
    assert await listed(await known(), "/streams/") == 1


async def test_of_a_suspended_account_a_stream_leaves_the_lists_and_comes_back(app, maya, stream, known):
    fan = await known()
    for kind, total in ((UserSuspended, 0), (UserRestored, 1)):
        await deliver_again(app, kind(user_id=maya.user_id, practitioner_id=None))
        assert await listed(fan, "/streams/") == total
        assert (await fan.get(f"/streams/{stream['id']}/")).status_code == 200

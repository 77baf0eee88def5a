"""Tidies frames."""

from datetime import timedelta

from services.notifications.live.repository import Frames
from shared.runtime import Runtime
from shared.work.retention import Retention, retention_jobs

RETENTION = timedelta(days=30)
FRAMES_A_RUN = 5_000


async def prune_frames(runtime: Runtime) -> int:
    """Deletes frames of more than 30 days; a socket that was away for longer begins with what is left."""
    async with runtime.db.autocommit() as session:
        return await Frames(session).prune(RETENTION, FRAMES_A_RUN)


JOBS = retention_jobs(Retention("frames", "30 days", prune_frames))

"""Periodic work of signing keys, in machine time."""

from datetime import timedelta

from services.identity.runtime import IdentityRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs


async def rotate_signing_keys(runtime: IdentityRuntime) -> int:
    """Makes a new signing key when the newest is old, and drops those that no token in force can carry."""
    age = timedelta(days=runtime.settings.key_rotation_days)
    return await runtime.keyring.rotate_if_older(runtime.db, age, machine_now())


JOBS: Jobs = {"rotate_signing_keys": Job(rotate_signing_keys, every=3600.0)}

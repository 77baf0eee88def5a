"""Idempotency keys as Stripe keeps them: for a day, the same key and parameters get the first answer again."""

import hashlib
from dataclasses import dataclass

from sqlalchemy import text

from estuary.sandbox.stripe.errors import StripeError
from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now

LONGEST = 255


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key with what it was sent for; keys belong to an account."""

    account: str
    name: str
    request_hash: bytes

    @classmethod
    def of(cls, account: str, name: str, method: str, path: str, body: bytes) -> "Key":
        """The key of this request; refused if it is too long."""
        if len(name) > LONGEST:
            raise StripeError(f"Idempotency keys can have at most {LONGEST} characters.", kind="idempotency_error")
        return cls(account, name, hashlib.sha256(f"{method} {path}\n".encode() + body).digest())


async def claim(session: Session, key: Key) -> tuple[int, bytes] | None:
    """The stored answer, or None when the caller is first and may go on; its twin meanwhile gets 409."""
    named = {"account": key.account, "key": key.name, "lock": f"key:{key.account}:{key.name}", "now": machine_now()}
    free, request_hash, status, body = (await session.run(CLAIM, named))[0]
    if request_hash is None:
        if not free:
            raise in_use(key.name)
        return None
    if bytes(request_hash) != key.request_hash:
        raise _reused(key.name)
    return status, body.encode()


def in_use(name: str) -> StripeError:
    """Another request with the key is under way; clients try again."""
    message = f"There is currently another in-progress request using this Idempotent Key: {name}."
    return StripeError(message, status=409, kind="idempotency_error", code="idempotency_key_in_use")


def _reused(name: str) -> StripeError:
    message = (
        "Keys for idempotent requests can only be used with the same parameters and endpoint they were first used "
        f"with. Try using a key other than '{name}' if you meant to execute a different request."
    )
    return StripeError(message, kind="idempotency_error")


CLAIM = CompiledStatement(
    text("""
    select pg_try_advisory_xact_lock(hashtextextended(:lock, 0)), request_hash, status, body
    from (select 1) as one left join answers
        on account = :account and key = :key and created_at > cast(:now as timestamptz) - interval '24 hours'
""")
)
FORGET_OLD = text("delete from answers where created_at <= cast(:now as timestamptz) - interval '24 hours'")
FORGET_ALL = text("delete from answers")

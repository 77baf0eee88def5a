"""The register of the tables that every schema has, and the whole register of a service."""

from shared.records.privacy import Register, kept, table

AUDIT = kept("who did what as staff, by ids alone; an erasure empties the contents", "for good")
MATCHED = kept("a repeat of a request or of an event is recognised", "30 days")

SYSTEM: Register = {
    "outbox": table(
        personal="payload",
        ids="key",
        neither="seq event_id type version topic traceparent occurred_at sent_at",
    ),
    "inbox": table(neither="event_id consumer received_at"),
    "parked": table(
        personal="envelope error",
        ids="key",
        neither="seq consumer event_id type replay parked_at",
    ),
    "idempotency": table(
        "principal = :person",
        personal="body request_hash key",
        neither="operation_id locked_until status created_at",
        kept={MATCHED: "principal"},
    ),
    "audit": table(
        "actor_id = :person or on_behalf_of = :person or subject_id = :person",
        personal="before after reason address salt",
        neither="trace_id number digest hash erased_at",
        kept={AUDIT: "id actor_id on_behalf_of action subject_id created_at"},
    ),
    "erased": table("id = :person", ids="id erasure_id erased_at"),
    "retention": table(neither="what keeps last_run_at last_count"),
    "alembic_version": table(neither="version_num"),
}
"""Tables that `shared.database` makes in every schema. Answers, parked events and sent ones are deleted by row."""
ATTEMPTS = "tries next_try_at last_error"
"""The columns of `shared.work.attempts`: `last_error` holds nothing personal, `short` sees to it."""
LIMITED = kept("guessing is limited per address, account and network, by digests alone", "a day from the last try")
THROTTLE = table(neither="free_at", kept={LIMITED: "key"})


def whole(own: Register) -> Register:
    """A service's own register with that of the tables that every schema has."""
    return {**SYSTEM, **own}

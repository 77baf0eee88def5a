"""The tables that every schema has: outbox, inbox, parked events, idempotency keys, audit log, ids that were erased,
and what was last deleted by its age (made by `migrate`)."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP


@dataclass(frozen=True, slots=True)
class SystemTables:
    """The system tables of one schema."""

    outbox: Table
    inbox: Table
    parked: Table
    idempotency: Table
    audit: Table
    erased: Table
    retention: Table


@cache
def system_tables(schema: str) -> SystemTables:
    """The system tables as this schema has them."""
    data = MetaData(schema=schema)
    return SystemTables(
        outbox=_outbox(data),
        inbox=_inbox(data),
        parked=_parked(data),
        idempotency=_idempotency(data),
        audit=_audit(data),
        erased=_erased(data),
        retention=_retention(data),
    )


def _outbox(data: MetaData) -> Table:
    return Table(
        "outbox",
        data,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("type", Text, nullable=False),
        Column("version", Integer, nullable=False),
        Column("topic", Text, nullable=False),
        Column("key", Uuid, nullable=False),
        Column("payload", JSONB, nullable=False),
        Column("traceparent", Text),
        Column("occurred_at", TIMESTAMP(timezone=True), nullable=False),
        Column("sent_at", TIMESTAMP(timezone=True)),
        Index("ix_outbox_unsent", "seq", postgresql_where=text("sent_at is null")),
        Index("ix_outbox_sent_at", "sent_at", postgresql_where=text("sent_at is not null")),
    )


def _inbox(data: MetaData) -> Table:
    return Table(
        "inbox",
        data,
        Column("event_id", Uuid, primary_key=True),
        Column("consumer", Text, primary_key=True),
        Column("received_at", TIMESTAMP(timezone=True), nullable=False),
        Index("ix_inbox_received_at", "received_at", postgresql_using="brin"),
    )


def _parked(data: MetaData) -> Table:
    return Table(
        "parked",
        data,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("consumer", Text, nullable=False),
        Column("key", Uuid, nullable=False),
        Column("event_id", Uuid, nullable=False),
        Column("type", Text, nullable=False),
        Column("envelope", JSONB, nullable=False),
        Column("error", Text),
        Column("replay", Boolean, nullable=False),
        Column("parked_at", TIMESTAMP(timezone=True), nullable=False),
        UniqueConstraint("consumer", "event_id"),
        Index("ix_parked_key", "consumer", "key", "seq"),
    )


def _idempotency(data: MetaData) -> Table:
    return Table(
        "idempotency",
        data,
        Column("principal", Uuid, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("request_hash", LargeBinary, nullable=False),
        Column("operation_id", Uuid, nullable=False),
        Column("locked_until", TIMESTAMP(timezone=True)),
        Column("status", Integer),
        Column("body", LargeBinary),
        Column("created_at", TIMESTAMP(timezone=True), nullable=False),
        CheckConstraint("length(key) between 1 and 255"),
        Index("ix_idempotency_created_at", "created_at"),
    )


def _audit(data: MetaData) -> Table:
    return Table(
        "audit",
        data,
        Column("id", Uuid, primary_key=True),
        Column("actor_id", Uuid),
        Column("on_behalf_of", Uuid),
        Column("action", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("before", JSONB, nullable=False),
        Column("after", JSONB, nullable=False),
        Column("reason", Text),
        Column("trace_id", Text),
        Column("address", Text),
        Column("created_at", TIMESTAMP(timezone=True), nullable=False),
        Column("number", BigInteger),
        Column("salt", LargeBinary),
        Column("digest", LargeBinary),
        Column("hash", LargeBinary),
        Column("erased_at", TIMESTAMP(timezone=True)),
        CheckConstraint(SEALED_WHOLE, name="ck_audit_sealed_whole"),
        Index("ix_audit_subject_id", "subject_id"),
        Index("ix_audit_actor_id", "actor_id"),
        Index("ix_audit_number", "number", unique=True, postgresql_where=text("number is not null")),
        Index("ix_audit_unsealed", "id", postgresql_where=text("number is null")),
        Index("ix_audit_created_at", "created_at", "id"),
        Index("ix_audit_erasures", "id", postgresql_where=text("action = 'audit.erase'")),
    )


def _erased(data: MetaData) -> Table:
    return Table(
        "erased",
        data,
        Column("id", Uuid, primary_key=True),
        Column("erasure_id", Uuid),
        Column("erased_at", TIMESTAMP(timezone=True), nullable=False),
    )


def _retention(data: MetaData) -> Table:
    return Table(
        "retention",
        data,
        Column("what", Text, primary_key=True),
        Column("keeps", Text, nullable=False),
        Column("last_run_at", TIMESTAMP(timezone=True), nullable=False),
        Column("last_count", Integer, nullable=False),
    )


SEALED_WHOLE = """
    (number is null) = (hash is null) and (number is null) = (digest is null) and (salt is null or number is not null)
    and (number is null or salt is not null or erased_at is not null)
"""

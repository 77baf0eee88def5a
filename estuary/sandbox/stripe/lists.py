"""Stripe's lists: newest first, paged by the id of the last or first object seen, with `has_more`."""

from typing import Any

import orjson
from sqlalchemy import text

from estuary.sandbox.stripe.calls import Call
from estuary.sandbox.stripe.errors import StripeError, missing_resource
from estuary.sandbox.stripe.work import Object, Work, visible

MOST = 100
SPANS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


async def page(work: Work, call: Call, kind: str, filters: tuple[str, ...] = (), *, only: str = "true") -> Object:
    """One page of that kind; `filters` are the fields of the object that a parameter of the same name may fix.

    `only` is a condition in SQL.
    """
    limit = _limit(call)
    where, values = _conditions(call, filters)
    where.append(only)
    newer = call.params.text("ending_before")
    cursor = newer or call.params.text("starting_after")
    if cursor:
        where.append(f"seq {'>' if newer else '<'} :seq")
        values["seq"] = await _seq(work, call, kind, cursor, "ending_before" if newer else "starting_after")
    query = f"select data::text from objects where {' and '.join(where)} order by seq {'asc' if newer else 'desc'}"
    values |= {"kind": kind, "account": call.account, "limit": limit + 1}
    rows = list(await work.session.scalars(text(f"{query} limit :limit"), values))
    found = [visible(orjson.loads(row)) for row in rows[:limit]]
    return of(found[::-1] if newer else found, call.path, has_more=len(rows) > limit)


def of(data: list[Object], path: str, *, has_more: bool = False) -> Object:
    """A list object with these entries."""
    return {"object": "list", "data": data, "has_more": has_more, "url": path}


def _limit(call: Call) -> int:
    limit = call.params.integer("limit")
    if limit is not None and not 1 <= limit <= MOST:
        raise StripeError(f"Invalid limit: must be between 1 and {MOST}.", param="limit")
    return limit or 10


def _conditions(call: Call, filters: tuple[str, ...]) -> tuple[list[str], dict[str, Any]]:
    where, values = ["kind = :kind", "account = :account"], dict[str, Any]()
    for name in filters:
        if (value := call.params.text(name)) is not None:
            where.append(f"data->>'{name}' = :{name}")
            values[name] = value
    if types := call.params.words("types"):
        where.append("data->>'type' = any(cast(:types as text[]))")
        values["types"] = types
    for name, sign in SPANS.items():
        bound = _span(call, name)
        if bound is not None:
            where.append(f"created {sign} :{name}")
            values[name] = bound
    return where, values


def _span(call: Call, name: str) -> int | None:
    given = call.params.values.get("created")
    if given is None or isinstance(given, str):
        return call.params.integer("created") if given and name in ("gte", "lte") else None
    return type(call.params)(call.params.tree("created")).integer(name)


async def _seq(work: Work, call: Call, kind: str, cursor: str, param: str) -> int:
    values = {"id": cursor, "kind": kind, "account": call.account}
    found = await work.session.scalar(SEQ, values)
    if found is None:
        raise missing_resource(kind, cursor, param, 400)
    return int(found)


SEQ = text("select seq from objects where id = :id and kind = :kind and account = :account")

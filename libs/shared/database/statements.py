"""Statements that are built once and run on the wire: SQLAlchemy writes them, asyncpg alone executes them.

What SQLAlchemy does around each execution costs several times what asyncpg does. A statement on a hot road is compiled
here once; its values and its rows are converted by the same types as ever, and its errors are SQLAlchemy's too.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import asyncpg
import orjson
from sqlalchemy import Column, TextClause
from sqlalchemy.dialects.postgresql import asyncpg as dialects
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
Convert = Callable[[Any], Any] | None
NO_VALUES: Values = {}
NUMERIC_OID = 1700  # for numbers alone SQLAlchemy asks what the wire brings; asyncpg brings a Decimal
# The last one: the connection was being ended by the server just when it was used.
DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def json_text(value: Any) -> str:
    """JSON as every column of JSON stores it."""
    return orjson.dumps(value, default=str).decode()


DIALECT = cast(Dialect, dialects.dialect(json_serializer=json_text, json_deserializer=orjson.loads))  # type: ignore[no-untyped-call]  # SQLAlchemy has no type for it


class CompiledStatement:
    """A Core statement for `Session.run`; to be made once, at import. No IN lists: those differ in length."""

    def __init__(self, statement: Any) -> None:
        """Insert and update write the columns that the values name."""
        self._statement = statement
        self._calls: dict[tuple[str, ...], Call] = {}

    def call(self, values: Values) -> "Call":
        """The statement for values of these names."""
        names = tuple(values)
        found = self._calls.get(names)
        if found is None:
            found = self._calls[names] = Call(self._statement, names)
        return found


class Call:
    """SQL with numbered parameters, and how Python's values become theirs, and its rows ours."""

    def __init__(self, statement: Any, names: Sequence[str]) -> None:
        """Compiles it for values of these names; TypeError if one is missing, which must not become NULL."""
        compiled: Any = statement.compile(dialect=DIALECT, column_keys=list(names))
        self.sql = str(compiled)
        made = {column.key: _default_of(column) for column in compiled.insert_prefetch or ()}
        asked = [name for name in compiled.positiontup or () if compiled.binds[name].required]
        if missing := {*asked} - {*names} - {*made}:
            raise TypeError(f"the statement needs {', '.join(sorted(missing))}: {self.sql}")
        fixed = compiled.construct_params(_check=False)
        self._parameters = [
            (name, _writer(compiled.binds[name].type), made.get(name), fixed.get(name))
            for name in compiled.positiontup or ()
        ]
        self._simple = all(name in names and not writer for name, writer, *_ in self._parameters)
        self._plain_names = tuple(name for name, *_ in self._parameters)
        self._readers = _readers(statement)
        self._converts = any(self._readers)
        self._row: Callable[[Iterable[Any]], Any] | None = None

    def arguments(self, values: Values) -> list[Any]:
        """The parameters in their order."""
        if self._simple:
            return [values[name] for name in self._plain_names]
        found = []
        for name, writer, make, fixed in self._parameters:
            value = values[name] if name in values else make() if make else fixed
            found.append(writer(value) if writer else value)
        return found

    def rows(self, records: Sequence[Any]) -> list[Any]:
        """Named tuples."""
        if not records:
            return []
        if self._row is None:
            kind: Any = namedtuple("Row", tuple(records[0].keys()), rename=True)  # type: ignore[misc]  # the columns are known at run time only
            self._row = kind._make
        if not self._converts:
            return [self._row(record) for record in records]
        return [
            self._row(
                read(value) if read else value for read, value in zip(self._readers, record.values(), strict=True)
            )
            for record in records
        ]


async def fetch(driver: Any, statement: CompiledStatement, values: Values) -> list[Any]:
    """Runs it on asyncpg's connection; raises DBAPIError as SQLAlchemy does."""
    call = statement.call(values)
    try:
        return call.rows(await driver.fetch(call.sql, *call.arguments(values)))
    except DRIVER_ERRORS as error:
        raise translate_error(driver, call.sql, error) from error


async def fetch_many(driver: Any, statement: CompiledStatement, rows: Sequence[Values]) -> list[Any]:
    """Runs it for every one of these values, in one go; all the rows that it returns."""
    if not rows:
        return []
    call = statement.call(rows[0])
    try:
        return call.rows(await driver.fetchmany(call.sql, [call.arguments(row) for row in rows]))
    except DRIVER_ERRORS as error:
        raise translate_error(driver, call.sql, error) from error


def translate_error(driver: Any, sql: str, error: Exception) -> DBAPIError:
    """The error as SQLAlchemy tells it, without the values."""
    kind = IntegrityError if isinstance(error, asyncpg.IntegrityConstraintViolationError) else DBAPIError
    lost = driver.is_closed() or isinstance(error, asyncpg.InternalClientError)
    return kind(sql, None, error, hide_parameters=True, connection_invalidated=lost)


def _default_of(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    return (lambda: default.arg(None)) if default.is_callable else lambda: default.arg


def _writer(kind: TypeEngine[Any]) -> Convert:
    return kind.dialect_impl(DIALECT).bind_processor(DIALECT)


def _readers(statement: Any) -> list[Convert]:
    if isinstance(statement, TextClause):
        return []
    columns = [column.type.dialect_impl(DIALECT) for column in statement.exported_columns]
    return [kind.result_processor(DIALECT, NUMERIC_OID) for kind in columns]

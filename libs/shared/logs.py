"""Structured logs: one JSON object a line, with the trace id; never a body, a token or personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

from shared import trace

Line = MutableMapping[str, Any]
DISCREET = "[removed]"
# No call logs any of these. What may still bring them along is the text of somebody else's exception: a database that
# shows the row, a parser that shows its input.
TELLING = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # an e-mail address
    r"|eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # a token
    r"|(?i:bearer) +[\w.~+/-]{8,}=*"
    r"|\b(?:pi|seti|cs)_\w+_secret_\w+|\b(?:sk|rk|whsec)_\w{6,}"  # Stripe's
    r"|DETAIL: [^\n]*"  # Postgres: the values of the row
    r"|\[parameters: [^\n]*"  # SQLAlchemy: the values of the statement
    r"|input_value=.*?(?=, input_type=)",  # pydantic: the value that was refused
    re.DOTALL,
)


def _with_trace(_: Any, __: str, event: Line) -> Line:
    if (trace_id := trace.trace_id()) is not None:
        event["trace_id"] = trace_id
    return event


def _discreet(_: Any, __: str, event: Line) -> Line:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = TELLING.sub(DISCREET, value)
    return event


def _as_json(event: Line, **_: Any) -> str:
    return orjson.dumps(event, default=repr).decode()


def _worth_a_line(record: logging.LogRecord) -> bool:
    """False for what uvicorn 0.54 says after each refused WebSocket handshake, although it was answered properly."""
    return not record.getMessage().startswith("ASGI callable returned without completing handshake")


def configure(level: str = "INFO", *, readable: bool = False) -> None:
    """Sets up the process's logs once, at start: JSON lines, or for a person at a terminal coloured text.

    What libraries say takes the same road, from WARNING on.
    """
    render: Any = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer(_as_json)
    common: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _with_trace,
        structlog.processors.format_exc_info,
        _discreet,
    ]
    handler = logging.StreamHandler(sys.stderr)
    last = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, render]
    named: list[Any] = [structlog.stdlib.add_logger_name, *common]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processors=last, foreign_pre_chain=named))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("uvicorn.error").addFilter(_worth_a_line)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # ten lines a second while a broker is away; we say one
    structlog.configure(
        processors=[*common, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger(**bound: Any) -> Any:
    """A logger that carries these fields on every line."""
    return structlog.get_logger(**bound)

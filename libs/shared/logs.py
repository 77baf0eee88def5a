"""Structured logs: one JSON object a line, with the trace id; never a body, a token or personal data."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from shared import trace


def _with_trace(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if (trace_id := trace.trace_id()) is not None:
        event["trace_id"] = trace_id
    return event


def _worth_a_line(record: logging.LogRecord) -> bool:
    """False for what uvicorn 0.54 says after each refused WebSocket handshake, although it was answered properly."""
    return not record.getMessage().startswith("ASGI callable returned without completing handshake")


def configure(level: str = "INFO", *, readable: bool = False) -> None:
    """Sets up the process's logs once, at start: JSON lines, or for a person at a terminal coloured text."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    render = structlog.dev.ConsoleRenderer() if readable else structlog.processors.JSONRenderer()
    logging.getLogger("uvicorn.error").addFilter(_worth_a_line)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _with_trace,
            structlog.processors.format_exc_info,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def logger(**bound: Any) -> Any:
    """A logger that carries these fields on every line."""
    return structlog.get_logger(**bound)

"""Structured logs: one JSON object a line, with the trace id; never a body, a token or personal data."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import orjson
import structlog

from shared import trace
from shared.records.clock import machine_now

Line = MutableMapping[str, Any]
REDACTED = "[removed]"
# No call logs any of these. What may still bring them along is the text of somebody else's exception: a database that
# shows the row, a parser that shows its input. Each alternative begins only where a run of its characters begins, or
# consumes what it has read, so that the whole is linear in the text's length.
SENSITIVE = re.compile(
    r"(?<=://)[^\s/:]*:[^\s/]*@"  # a login in an address
    r"|(?<![\w.!#$%*+^`{|}~-])(?<![\w.!#$%*+^`{|}~-]')"  # an e-mail address, with all the signs that one may have
    r"[\w.!#$%*+^`{|}~-]+(?:'[\w.!#$%*+^`{|}~-]+)*(?:@|%40)[\w-]+(?:\.[\w-]+)+"
    r"|\"[^\"\n]{1,64}\"@[\w-]+(?:\.[\w-]+)+"  # one whose first half is quoted
    r"|(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"  # a token
    r"|(?i:bearer|basic) +[\w.~+/-]{8,}=*"
    r"|(?i:password|passwd|secret|token|verifier)=[^\s&'\"]+"
    r"|(?<=[?&])(?i:code|state|ticket|(?:x-amz-)?signature|sig)=[^\s&'\"]+"  # of addresses that open something
    r"|(?<![A-Za-z])est_[\w-]{8,}"  # an API key
    r"|\b(?:pi|seti|cs)_\w+_secret_\w+|\b(?:sk|rk|whsec)_\w{6,}"  # Stripe's
    r"|DETAIL: [^\n]*"  # Postgres: the values of the row
    r"|query argument \$[^:\n]{0,60}: [^\n]*|invalid input (?:syntax|value) for [^:\n]{0,60}: [^\n]*"  # asyncpg's
    r"|\[parameters: [^\n]*"  # SQLAlchemy: the values of the statement
    r"|input_value=.*?(?=, input_type=|\Z)",  # pydantic: the value that was refused
    re.DOTALL,
)
# Where none of these stands in a line, in lower case, SENSITIVE finds nothing in it: looking for them is far cheaper.
MARKERS = (
    *(b"=", b"@", b"%40", b"eyj", b"bearer", b"basic ", b"_secret_", b"est_", b"sk_", b"rk_", b"whsec_"),
    *(b"detail: ", b"[param", b"query argument ", b"invalid input "),
)
MAX_TEXT = 16_384
LINE_ENDS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"})
"""What ends a line for many a reader and may stand raw in JSON."""
_short_road: TextIO | None = None


def _with_trace(_: Any, __: str, event: Line) -> Line:
    if (trace_id := trace.trace_id()) is not None:
        event["trace_id"] = trace_id
    return event


def _discreet(_: Any, __: str, event: Line) -> Line:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = redact(value)
    return event


def redact(text: str) -> str:
    """The text without what is secret or personal, and cut after 16,384 characters; linear in its length."""
    return SENSITIVE.sub(REDACTED, text if len(text) <= MAX_TEXT else text[:MAX_TEXT] + " [cut]")


def plain(line: bytes) -> bool:
    """Whether a line certainly has nothing that is to be removed; far cheaper than looking for it."""
    said = line.lower().replace(b'"request_id":', b"")  # which has an API key's first signs in it
    return not any(map(said.__contains__, MARKERS))


def _as_json(event: Line, **_: Any) -> str:
    return _one_line(orjson.dumps(event, default=repr))


def _one_line(line: bytes) -> str:
    """JSON as text that no reader takes for several lines."""
    text = line.decode()
    return text if text.isascii() else text.translate(LINE_ENDS)


SAID_ALREADY = (
    "ASGI callable returned without completing handshake",  # after each handshake that was refused, and answered
    "Invalid HTTP request received.",  # beside our own line
    "Unsupported upgrade request.",  # which is served as plain HTTP
)


def _worth_a_line(record: logging.LogRecord) -> bool:
    """False for what uvicorn 0.54 says of requests that were answered properly: anybody can send thousands."""
    return not record.getMessage().startswith(SAID_ALREADY)


def configure(level: str = "INFO", *, readable: bool = False) -> None:
    """Sets up the process's logs once, at start: JSON lines, or for a person at a terminal coloured text.

    What libraries say takes the same road, from WARNING on.
    """
    global _short_road
    _short_road = None if readable or logging.getLevelNamesMapping()[level.upper()] > logging.INFO else sys.stderr
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


class RequestLogger:
    """One kind of line that every request leaves: the same line as a logger's, without structlog's long road to it."""

    def __init__(self, event: str, **bound: Any) -> None:
        """At level info, with these fields on every line."""
        self._event, self._bound, self._log = event, bound, logger(**bound)

    def __call__(self, **said: Any) -> None:
        """Writes one line."""
        if _short_road is None or not self._wrote(_short_road, said):
            self._log.info(self._event, **said)

    def _wrote(self, stream: TextIO, said: dict[str, Any]) -> bool:
        ends = {"event": self._event, "level": "info", "timestamp": machine_now(), "trace_id": trace.trace_id()}
        line = orjson.dumps({**self._bound, **said, **ends}, option=orjson.OPT_UTC_Z)
        if not plain(line):
            return False
        stream.write(_one_line(line) + "\n")
        return True


def logger(**bound: Any) -> Any:
    """A logger that carries these fields on every line."""
    return structlog.get_logger(**bound)

"""`ETag` on JSON that a GET answers with, and 304 where the caller has the same already."""

import hashlib

from starlette.types import Message, Send

NOT_MODIFIED = 304
CONTENT = frozenset({b"content-type", b"content-length"})
JSON = b"application/json"


def etag_of(body: bytes) -> bytes:
    """Strong: the same for the same bytes alone."""
    return b'"%s"' % hashlib.sha256(body).hexdigest()[:32].encode()


def is_among(etag: bytes, given: bytes) -> bool:
    """Whether `If-None-Match` names it: a list of tags, weak or strong, which count alike here, or `*`.

    A proxy that compresses makes a strong tag weak. What is no list of tags names nothing.
    """
    if etag not in given:
        return given.strip() == b"*"
    return any(part.strip().removeprefix(b"W/") == etag for part in given.split(b","))


class Conditional:
    """A send that holds the beginning of a JSON answer back until its body, which comes in one piece, is there."""

    __slots__ = ("_given", "_send", "_start")

    def __init__(self, send: Send, given: bytes | None) -> None:
        """`given` is the request's If-None-Match."""
        self._send, self._given = send, given
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        """Passes it on, the beginning together with the first part of the body."""
        if message["type"] == "http.response.start" and message["status"] == 200 and _is_json(message):
            self._start = message
            return
        start, self._start = self._start, None
        if start is not None:
            if not message.get("more_body", False):
                start, message = self._tagged(start, message)
            await self._send(start)
        await self._send(message)

    def _tagged(self, start: Message, message: Message) -> tuple[Message, Message]:
        headers = start["headers"]
        etag = etag_of(message.get("body", b""))
        if self._given is None or not is_among(etag, self._given):
            return {**start, "headers": [*headers, (b"etag", etag)]}, message
        kept = [header for header in headers if header[0] not in CONTENT]
        return {**start, "status": NOT_MODIFIED, "headers": [*kept, (b"etag", etag)]}, {**message, "body": b""}


def _is_json(start: Message) -> bool:
    """And has no tag of its own."""
    names = dict(start.get("headers", ()))
    return names.get(b"content-type", b"").startswith(JSON) and b"etag" not in names

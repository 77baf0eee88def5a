"""What the server answers itself, before an app hears of a request: the same problems as everywhere."""

from collections.abc import Iterable
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from websockets.datastructures import Headers
from websockets.http11 import Response

from gateway.asgi import Answer
from gateway.errors import BadRequest, HeadTooLarge, RequestLineTooLong
from shared.errors import AppError, Forbidden
from shared.records.ids import new_id

KINDS: dict[int, type[AppError]] = {
    error.status: error for error in (AppError, Forbidden, HeadTooLarge, RequestLineTooLong)
}


def last_answer(status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes) -> bytes:
    """A whole answer as it is sent; the connection ends with it."""
    lines = [b"%b: %b\r\n" % header for header in headers if header[0] not in {b"content-length", b"connection"}]
    end = b"content-length: %d\r\nconnection: close\r\n\r\n" % len(body)
    return b"".join((STATUS_LINE[status], *lines, end, body))


def refusal(error: AppError) -> bytes:
    """The whole answer; the connection ends with it."""
    answer = answer_of(error)
    return last_answer(answer.status, answer.messages()[0]["headers"], answer.body)


def handshake_refusal(status: int, why: str) -> Response:
    """What `websockets` refuses, which says it in plain text; what has no problem of its own here is a bad request."""
    answer = answer_of(KINDS.get(status, BadRequest)(why.strip() or None))
    headers = [(name.decode(), value.decode("latin-1")) for name, value in answer.messages()[0]["headers"]]
    phrase = HTTPStatus(answer.status).phrase
    return Response(answer.status, phrase, Headers([*headers, ("connection", "close")]), answer.body)


def answer_of(error: AppError) -> Answer:
    """The problem, with an id of its own, since no app has given the request one."""
    request_id = new_id().hex
    answer = Answer.of_error(error, request_id)
    answer.headers += [(b"x-request-id", request_id.encode()), (b"cache-control", b"no-store")]
    return answer

"""What the server answers itself, before an app hears of a request: the same problems as everywhere."""

from http import HTTPStatus

from websockets.datastructures import Headers
from websockets.http11 import Response

from gateway.asgi import Answer
from gateway.errors import BadRequest, HeadTooLarge, RequestLineTooLong
from shared.errors import AppError, Forbidden
from shared.records.ids import new_id

KINDS: dict[int, type[AppError]] = {
    error.status: error for error in (AppError, Forbidden, HeadTooLarge, RequestLineTooLong)
}


def refusal(error: AppError) -> Response:
    """The whole answer; the connection ends with it."""
    request_id = new_id().hex
    answer = Answer.of_error(error, request_id)
    headers = Headers([(name.decode(), value.decode("latin-1")) for name, value in answer.headers])
    headers["content-type"] = answer.content_type
    headers["content-length"] = str(len(answer.body))
    headers["x-request-id"] = request_id
    headers["cache-control"] = "no-store"
    headers["connection"] = "close"
    return Response(error.status, HTTPStatus(error.status).phrase, headers, answer.body)


def handshake_refusal(status: int, why: str) -> Response:
    """What `websockets` refuses, which says it in plain text; what has no problem of its own here is a bad request."""
    return refusal(KINDS.get(status, BadRequest)(why.strip() or None))

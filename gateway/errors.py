"""What the edge itself refuses, in the same form as every service."""

from shared.errors import AppError, NotFound, Unavailable


class NoSuchPath(NotFound):
    """Not a public path, or one whose service is not part of this install."""

    detail = "There is no such path."


class MethodNotAllowed(AppError):
    """The path exists, the method does not."""

    status, title, code, detail = 405, "Method not allowed", "method_not_allowed", "Use another method on this path."

    def __init__(self, allow: str) -> None:
        """`allow` is the value of the Allow header."""
        super().__init__(headers={"Allow": allow})


class BadRequest(AppError):
    """What came is not one HTTP request that can be read in one way only."""

    status, title, code, detail = 400, "Bad request", "bad_request", "This is not a valid HTTP request."


class SlowRequest(AppError):
    """The head or the body did not come in time."""

    status, title, code, detail = 408, "Request timeout", "request_timeout", "The request did not arrive in time."


class RequestLineTooLong(AppError):
    """Path and query together are longer than anything here needs."""

    status, title, code, detail = 414, "URI too long", "uri_too_long", "The request line is longer than 8 KiB."


class HeadTooLarge(AppError):
    """Too many header fields, or too many bytes of them."""

    status, title, code = 431, "Request header fields too large", "head_too_large"
    detail = "The head of a request has at most 100 fields and 32 KiB."


class BodyTooLarge(AppError):
    """More bytes than the edge lets through, announced or sent."""

    status, title, code, detail = 413, "Body too large", "body_too_large", "The body is larger than this API accepts."


class UnsupportedMediaType(AppError):
    """A body under /api/v1 that does not say it is JSON."""

    status, title, code = 415, "Unsupported media type", "unsupported_media_type"
    detail = "Send JSON, with Content-Type: application/json."


class TooManyRequests(AppError):
    """The hourly limit of this client is used up for now."""

    status, title, code, detail = 429, "Too many requests", "rate_limited", "You have used up your requests for now."


class OriginNotAllowed(AppError):
    """A browser asks for a page whose origin is not in GATEWAY_CORS_ORIGINS."""

    status, title, code = 403, "Origin not allowed", "origin_not_allowed"
    detail = "Pages of this origin may not call this API."


class UpstreamBusy(Unavailable):
    """More requests wait for this service than the edge is willing to keep."""

    code, detail = "overloaded", "This part of the platform has too much to do. Nothing was done. Try again soon."


class UpstreamUnreachable(Unavailable):
    """No address of the service takes a connection; nothing was sent."""

    code, detail = "upstream_unreachable", "This part of the platform does not answer. Try again soon."


class BadGateway(AppError):
    """The service broke off before it answered; whether it acted is unknown."""

    status, title, code = 502, "Bad gateway", "bad_gateway"
    detail = "This part of the platform broke off before it answered. Whether it acted is unknown."


class GatewayTimeout(AppError):
    """The service did not begin its answer in time; whether it acted is unknown."""

    status, title, code = 504, "Gateway timeout", "gateway_timeout"
    detail = "This part of the platform did not answer in time. Whether it acted is unknown."

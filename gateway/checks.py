"""The step that refuses what no service needs to see: writes in read-only mode, bodies too large or of another type,
WebSockets from pages of other origins."""

from gateway.cors import Cors
from gateway.errors import BodyTooLarge, UnsupportedMediaType
from gateway.request import ProxiedRequest
from gateway.routes import Route
from gateway.settings import GatewaySettings
from shared.auth.verification import Verifier
from shared.errors import ReadOnlyMode

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestChecks:
    """What a request has to be like before its route's service is called."""

    def __init__(self, settings: GatewaySettings, cors: Cors, verifier: Verifier) -> None:
        """`cors` says which pages may open WebSockets, `verifier` knows whether the operator switched writes off."""
        self._read_only, self._verifier = settings.read_only, verifier
        self._max_body = settings.max_body_bytes
        self._cors = cors

    def check(self, request: ProxiedRequest, route: Route) -> None:
        """Raises OriginNotAllowed, ReadOnlyMode, BodyTooLarge or UnsupportedMediaType."""
        if request.is_socket:
            self._cors.check_socket(request.headers)
            return
        is_write = request.method not in SAFE_METHODS and request.method not in route.writes_when_read_only
        if is_write and (self._read_only or self._verifier.read_only):
            raise ReadOnlyMode()
        length = request.headers.values.get(b"content-length", b"0")
        if length.isdigit() and int(length[:20]) > self._max_body:
            raise BodyTooLarge()
        if route.wants_json and request.headers.has_body and not _is_json(request.headers.values):
            raise UnsupportedMediaType()


def _is_json(headers: dict[bytes, bytes]) -> bool:
    media = headers.get(b"content-type", b"").split(b";", 1)[0].strip().lower()
    return media == b"application/json" or (media.startswith(b"application/") and media.endswith(b"+json"))

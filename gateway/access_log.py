"""What is kept of each request: its metrics, its span, and one line of the log without path and query."""

from gateway.request import ProxiedRequest
from shared.observability import logs, metrics


class AccessLog:
    """Writes the same for requests and WebSockets, whoever answered."""

    def __init__(self, *, lines: bool) -> None:
        """`lines`: whether each request leaves a line of the log."""
        self._meters = metrics.Meters("gateway")
        self._log = logs.RequestLogger("request", service="gateway") if lines else None

    def record(self, request: ProxiedRequest, status: int) -> None:
        """Records the request, which has ended with that status; a WebSocket's life is no answering time."""
        method, milliseconds = request.method or "WEBSOCKET", request.milliseconds
        self._meters.answered(request.label, method, status, None if status == 101 else milliseconds / 1000)
        if request.span.on:
            request.span.request(method, request.label, status)
            request.span.end()
        if self._log is not None:
            fields = {"method": method, "route": request.label, "status": status, "address": request.address}
            fields |= {"user_id": str(request.caller.user_id)} if request.caller else {}
            self._log(**fields, ms=milliseconds, request_id=request.request_id)

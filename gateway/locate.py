"""The step that finds who answers: a page of the gateway's own, or the route to a service."""

from gateway.pages import Pages
from gateway.request import ProxiedRequest
from gateway.routes import RouteTable, segments_of


def locate(request: ProxiedRequest, pages: Pages, table: RouteTable) -> None:
    """Sets the page or the route; neither where there is no such path, or none for a WebSocket."""
    scope = request.scope
    segments = segments_of(scope["path"], scope.get("raw_path") or b"")
    if segments is None:
        return
    request.page = pages.find(segments)
    if request.page is None:
        route = table.find(segments)
        request.route = None if request.is_socket and route is not None and not route.for_sockets else route

"""Bodies about hand-offs."""

from uuid import UUID

from services.identity.oauth.handoffs.domain import EXPIRES_IN
from shared.web.http import Body, View


class NewHandOff(Body):
    """The client whose page is to be opened."""

    client_id: UUID


class HandOffView(View):
    """An address that signs the browser in that opens it, once; `expires_in` is in seconds."""

    url: str
    expires_in: int = EXPIRES_IN

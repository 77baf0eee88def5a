"""What is refused about clients."""

from shared.errors import Conflict, Invalid


class ScopeNotAllowed(Invalid):
    """A client never does what only staff may, and has a whole session only if it is ours."""

    code, detail = "scope_not_allowed", "A client cannot have this scope."


class PublicClient(Conflict):
    """A client that cannot keep a secret."""

    code, detail = "public_client", "A public client has no secret."


class ClientsAtOdds(Invalid):
    """Fields that do not fit together."""

    detail = "The client's fields do not fit together."

"""What is refused about hand-offs."""

from shared.errors import Invalid


class NoSignInPage(Invalid):
    """The client has no page at which a sign-in begins."""

    code, detail = "no_initiate_login_uri", "This client has no address at which a sign-in begins."
    field = "client_id"

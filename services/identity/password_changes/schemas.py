"""Bodies about new passwords."""

from typing import Annotated

from pydantic import StringConstraints

from services.identity.accounts.schemas import NewPassword
from services.identity.mail_tokens.schemas import MailedToken
from shared.web.emails import Email
from shared.web.http import Body


class ResetRequest(Body):
    """The address to which a link is mailed, if it is that of an account."""

    email: Email


class ResetConfirmation(Body):
    """The token of the mailed link, and the new password."""

    token: MailedToken
    password: NewPassword


class PasswordChange(Body):
    """The present password, and the new one; without a present one the caller has to have signed in just now."""

    current_password: Annotated[str, StringConstraints(max_length=128)] | None = None
    password: NewPassword

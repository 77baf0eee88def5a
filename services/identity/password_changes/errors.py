"""What is refused about new passwords."""

from shared.errors import Invalid


class WrongPassword(Invalid):
    """The present password is another one."""

    code, detail = "wrong_password", "This is not your present password."
    field = "current_password"

"""What the pages of mailed links say."""

from dataclasses import dataclass
from enum import StrEnum


class PageName(StrEnum):
    """The pages, as links name them."""

    VERIFY_EMAIL = "verify-email"
    RESET_PASSWORD = "reset-password"
    CHANGE_EMAIL = "change-email"
    UNDO_EMAIL = "undo-email"
    ACCEPT_INVITATION = "accept-invitation"


@dataclass(frozen=True, slots=True)
class PageText:
    """`done` is shown once the button was pressed; what the form asks for: `asks_password`, `asks_name`."""

    title: str
    text: str
    button: str
    done: str
    asks_password: bool = False
    asks_name: bool = False


TEXTS = {
    PageName.VERIFY_EMAIL: PageText(
        "Confirm your e-mail address",
        "Confirm that this is your address. Devices that are signed in to your account elsewhere are signed out.",
        "Confirm",
        "Your address is confirmed.",
    ),
    PageName.RESET_PASSWORD: PageText(
        "Choose a new password",
        "At least eight characters. Every device that is signed in to your account is signed out.",
        "Set the password",
        "Your password is set. Sign in with it.",
        asks_password=True,
    ),
    PageName.CHANGE_EMAIL: PageText(
        "Confirm your new e-mail address",
        "Confirm that this is to be the address of your account.",
        "Confirm",
        "This is the address of your account now.",
    ),
    PageName.UNDO_EMAIL: PageText(
        "Take your e-mail address back",
        "Your account gets its former address back, every device is signed out, and the password is void.",
        "Take it back",
        "Your account has its former address again. Ask for a new password before you sign in.",
    ),
    PageName.ACCEPT_INVITATION: PageText(
        "Accept the invitation",
        "Make your account here. Who has one with this address signs in to it in the app, and accepts there.",
        "Make the account",
        "Your account is there. Sign in with your e-mail address and the password.",
        asks_password=True,
        asks_name=True,
    ),
}

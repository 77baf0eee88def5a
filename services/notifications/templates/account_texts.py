"""The texts of mails about the security of an account, by template; `$link` is the page of the mail's token."""

from services.notifications.templates.domain import RenderedText

ACCOUNT_TEXTS: dict[str, RenderedText] = {
    "account.verify_email": RenderedText(
        "Confirm your e-mail address",
        "Open this page and confirm that this is your address:\n\n$link\n\n"
        "It can be used until $until. If you did not make an account with this address, ignore this mail.",
    ),
    "account.reset_password": RenderedText(
        "Choose a new password",
        "Somebody asked for a new password for your account. Choose it on this page:\n\n$link\n\n"
        "It can be used once, until $until. If you did not ask for it, ignore this mail: your password stays as it is.",
    ),
    "account.change_email": RenderedText(
        "Confirm your new e-mail address",
        "Open this page to make this the address of your account:\n\n$link\n\n"
        "It can be used once, until $until. If you did not ask for it, ignore this mail.",
    ),
    "account.undo_email": RenderedText(
        "The e-mail address of your account was changed",
        "Your account now has the address $account_address. If you did not want this, take it back on this page:"
        "\n\n$link\n\n"
        "It can be used until $until. It signs out every device and voids the password, so that you choose a new one.",
    ),
    "account.password_changed": RenderedText(
        "Your password was changed",
        "The password of your account was changed, and other devices were signed out. "
        "If that was not you, ask for a new password at once.",
    ),
    "account.email_change_requested": RenderedText(
        "A new e-mail address was asked for",
        "Somebody who is signed in to your account asked to change its e-mail address. The present one stays until the "
        "new one is confirmed. If that was not you, change your password at once.",
    ),
    "account.email_taken": RenderedText(
        "Somebody asked for your e-mail address",
        "Somebody asked to make your address that of another account. Nothing was changed. If it was you, "
        "sign in to the account that you have here.",
    ),
    "account.account_erased": RenderedText(
        "Your account was erased",
        "What we held of you was erased, as was asked. What the law has us keep, such as records of payments, "
        "no longer names you. This is the last mail that you get from us.",
    ),
    "account.api_key_made": RenderedText(
        "An API key was made for your account",
        "A new API key can act for your account. If you did not make it, end it and change your password at once.",
    ),
    "account.api_key_ended": RenderedText(
        "An API key of your account has ended",
        "An API key of your account was ended: programs that use it are refused. "
        "If that was not you, change your password at once.",
    ),
    "account.accept_invitation": RenderedText(
        "You are invited",
        "You are invited to work with us here. Accept on this page:\n\n$link\n\n"
        "It can be used once, until $until. If you did not expect this, ignore this mail.",
    ),
    "account.impersonated": RenderedText(
        "Support looks at your account",
        "A member of our staff sees your account as you do for a short while, without your messages and without moving "
        "money. You find this among your sessions, and can end it there at any time.",
    ),
    "account.signed_in": RenderedText(
        "New sign-in to your account",
        "Your account was signed in to from a device and a network that it had not been used from lately. "
        "If that was not you, change your password at once.",
    ),
    "account.factor_added": RenderedText(
        "An authenticator app was added to your account",
        "From now on signing in asks for a code of that app. If that was not you, change your password at once and "
        "remove the app.",
    ),
    "account.factor_removed": RenderedText(
        "A second factor was removed from your account",
        "An authenticator app or a passkey of your account was removed. If that was not you, change your password at "
        "once.",
    ),
    "account.passkey_added": RenderedText(
        "A passkey was added to your account",
        "Your account can now be signed in to with a new passkey. If that was not you, remove it and change your "
        "password at once.",
    ),
    "account.passkey_removed": RenderedText(
        "A passkey was removed from your account",
        "A passkey of your account cannot be used any more. If that was not you, change your password at once.",
    ),
    "account.recovery_codes_made": RenderedText(
        "Your account has new recovery codes",
        "New recovery codes were made for your account; the former ones are void. If that was not you, change your "
        "password at once and make new ones.",
    ),
    "account.mfa_turned_on": RenderedText(
        "Two-step sign-in is on",
        "From now on signing in to your account asks for a second factor. If that was not you, change your password at "
        "once.",
    ),
    "account.mfa_turned_off": RenderedText(
        "Two-step sign-in is off",
        "Signing in to your account asks for no second factor any more. If that was not you, change your password at "
        "once and turn it on again.",
    ),
    "account.provider_linked": RenderedText(
        "A way to sign in was added to your account",
        "Your account can now be signed in to by an account that you have elsewhere. "
        "If that was not you, remove it in the settings of your account and change your password at once.",
    ),
    "account.provider_unlinked": RenderedText(
        "A way to sign in was removed from your account",
        "Your account can no longer be signed in to by an account that you have elsewhere. "
        "If that was not you, change your password at once.",
    ),
}

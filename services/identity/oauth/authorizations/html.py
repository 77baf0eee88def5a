"""The pages as HTML. They work without scripts, passkeys apart, for which there is one script, named by its hash.

Their policy names no `form-action`: browsers apply it to where an app goes on after its redirect too, which is not ours
to know. Nothing that was given is shown but as text.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib import resources

from starlette.responses import HTMLResponse

from services.identity.factors.domain import PASSKEY, RECOVERY_CODE, TOTP
from services.identity.oauth.clients.domain import EMAIL, OFFLINE, OPENID, PROFILE, WHOLE_SESSION
from services.identity.pages.html import HEADERS as OF_MAILED_LINKS
from services.identity.pages.html import page

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = OF_MAILED_LINKS | {"Content-Security-Policy": POLICY}
SCRIPT = resources.files("services.identity.oauth.authorizations").joinpath("passkeys.js").read_text()
SCRIPT_HASH = b64encode(sha256(SCRIPT.encode()).digest()).decode()
SCRIPTED = HEADERS | {"Content-Security-Policy": f"{POLICY}; script-src 'sha256-{SCRIPT_HASH}'; connect-src 'self'"}
PASSKEY_SIGN_IN, PASSKEY_SECOND_STEP = "/api/v1/auth/passkeys/login/options/", "/api/v1/auth/login/mfa/options/"
PASSWORD = (
    '<label for="password">Password</label><input id="password" name="password" type="password" '
    'autocomplete="current-password" maxlength="128" required>'
)
CODE = (
    '<label for="code">Code</label><input id="code" name="code" autocomplete="one-time-code" maxlength="100" required>'
)
ONLY_PASSKEYS = (
    "Your account has passkeys alone as second factor, and this browser runs no scripts here: sign in to Estuary "
    "itself, and come back."
)
SAID = {
    OPENID: "know that it is you",
    PROFILE: "see your name, your language and your time zone",
    EMAIL: "see your e-mail address",
    OFFLINE: "do this while you are away, until you end it",
    WHOLE_SESSION: "do everything that you can do",
}
NOUNS = {
    "account": "your account",
    "catalog": "your profile and your services",
    "bookings": "your bookings",
    "payments": "your payments and credits",
    "streams": "your streams",
    "messages": "your messages",
    "notifications": "your notifications",
    "library": "your library",
    "figures": "your figures",
}
CODES = {TOTP: "Code of your authenticator app", RECOVERY_CODE: "Recovery code"}


@dataclass(frozen=True, slots=True)
class Form:
    """By what a form is known when it comes back, and where it goes: to the address of its page by default."""

    token: str
    action: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the last try was refused."""

    text: str = ""
    status: int = 200


NOT_REFUSED = Refusal()


def sign_in_page(
    form: Form, client_name: str, email: str, providers: Mapping[str, str], refused: Refusal = NOT_REFUSED
) -> HTMLResponse:
    """Asks for address and password, a passkey, or a sign-in at one of the providers (name and title)."""
    fields = (
        f'<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" '
        f'maxlength="254" value="{escape(email, quote=True)}" required>{PASSWORD}'
    )
    others = "".join(
        f'<button name="provider" value="{escape(name, quote=True)}" formnovalidate>Continue with {escape(title)}'
        "</button>"
        for name, title in providers.items()
    )
    text = f"<p>Sign in to go on to {escape(client_name)}.</p>"
    buttons = _button("Sign in") + _passkey_button("passkey", PASSKEY_SIGN_IN) + others
    return _page("Sign in", text + _why(refused) + _form(form, "sign_in", fields, buttons), refused)


def second_step_page(form: Form, ticket: str, methods: Sequence[str], refused: Refusal = NOT_REFUSED) -> HTMLResponse:
    """Asks for a code of one of the methods, or a passkey."""
    known = [method for method in methods if method in CODES]
    choices = "".join(
        f'<label><input type="radio" name="method" value="{method}" style="width:auto" '
        f"{'checked' if at == 0 else ''}> {CODES[method]}</label>"
        for at, method in enumerate(known)
    )
    fields = _hidden("ticket", ticket) + _hidden("methods", " ".join(methods))
    if known:
        fields += choices + CODE
    button = _button("Go on") if known else ""
    if PASSKEY in methods:
        button += _passkey_button("second_passkey", PASSKEY_SECOND_STEP)
        button += "" if known else f"<noscript><p>{ONLY_PASSKEYS}</p></noscript>"
    return _page("Your second factor", _why(refused) + _form(form, "second_step", fields, button), refused)


def link_page(form: Form, ticket: str, provider: str, refused: Refusal = NOT_REFUSED) -> HTMLResponse:
    """Asks for the password of the account that has the address, or whether to go on without it."""
    text = (
        f"<p>There is an account with the address that {escape(provider)} names. Sign in to it once, to link it: "
        "from then on you sign in either way.</p>"
    )
    claim = (
        "<p>The account is not yours? If its owner never proved the address, you get it, with a new account.</p>"
        '<button name="claim" value="true" formnovalidate>The account is not mine</button>'
    )
    fields = _hidden("ticket", ticket) + _hidden("provider", provider) + PASSWORD
    return _page(
        "Link your account", text + _why(refused) + _form(form, "link", fields, _button("Link") + claim), refused
    )


def address_page(form: Form, ticket: str, provider: str, refused: Refusal = NOT_REFUSED) -> HTMLResponse:
    """Asks for the address that a provider did not name."""
    text = f"<p>{escape(provider)} does not name your e-mail address. Which one is it?</p>"
    fields = (
        _hidden("ticket", ticket)
        + _hidden("provider", provider)
        + '<label for="email">E-mail address</label>'
        + '<input id="email" name="email" type="email" autocomplete="email" maxlength="254" required>'
    )
    body = text + _why(refused) + _form(form, "address", fields, _button("Go on"))
    return page("Your e-mail address", body, refused.status, HEADERS)


def consent_page(form: Form, client_name: str, email: str, scopes: Sequence[str]) -> HTMLResponse:
    """Asks whether the client may have these scopes."""
    listed = "".join(f"<li>{escape(in_words(scope))}</li>" for scope in scopes)
    buttons = (
        '<button type="submit" name="decision" value="allow">Allow</button>'
        '<button type="submit" name="decision" value="deny">Do not allow</button>'
    )
    text = f"<p>You are signed in as {escape(email)}. {escape(client_name)} asks to:</p><ul>{listed}</ul>"
    return page(f"Allow {client_name}?", text + _form(form, "consent", "", buttons), 200, HEADERS)


def refusal_page(why: str) -> HTMLResponse:
    """Says why the request of an app is not answered."""
    text = "The app that sent you here asked for something that cannot be. Go back, and tell its makers."
    return page("This did not work", f'<p role="alert">{escape(text)}</p><p>{escape(why)}</p>', 400, HEADERS)


def ask_page(form: Form, title: str, text: str, button: str) -> HTMLResponse:
    """Asks for a yes."""
    return page(title, f"<p>{escape(text)}</p>{_form(form, 'confirm', '', _button(button))}", 200, HEADERS)


def text_page(title: str, text: str = "You can close this page.") -> HTMLResponse:
    """A page with nothing to press."""
    return page(title, f'<p role="status">{escape(text)}</p>', 200, HEADERS)


def in_words(scope: str) -> str:
    """What a scope allows."""
    noun, _, act = scope.partition(".")
    if scope in SAID:
        return SAID[scope]
    return f"{'see' if act == 'read' else 'change'} {NOUNS.get(noun, noun)}"


def _page(title: str, body: str, refused: Refusal) -> HTMLResponse:
    """One with the script of passkeys."""
    return page(title, f"{body}<script>{SCRIPT}</script>", refused.status, SCRIPTED)


def _form(form: Form, step: str, fields: str, buttons: str) -> str:
    """The first of the buttons is what the key Enter presses."""
    hidden = _hidden("form", form.token) + _hidden("step", step)
    action = f' action="{escape(form.action, quote=True)}"' if form.action else ""
    return f'<form method="post"{action}>{hidden}{fields}{buttons}</form>'


def _button(text: str) -> str:
    return f'<button type="submit">{escape(text)}</button>'


def _passkey_button(step: str, options: str) -> str:
    """Shown by the script where the browser knows passkeys; `options` is where it asks what to answer."""
    return (
        f'<button id="passkey" type="button" data-step="{step}" data-options="{options}" hidden>Use a passkey</button>'
        '<p id="passkey-refused" class="refused" role="alert" hidden>This did not work. Try again, or another way.</p>'
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def _why(refused: Refusal) -> str:
    return f'<p class="refused" role="alert">{escape(refused.text)}</p>' if refused.text else ""

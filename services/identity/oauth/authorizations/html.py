"""The pages as HTML, without scripts.

Their policy names no `form-action`: browsers apply it to where an app goes on after its redirect too, which is not ours
to know. Nothing that was given is shown but as text.
"""

from collections.abc import Sequence
from html import escape

from starlette.responses import HTMLResponse

from services.identity.factors.domain import PASSKEY, RECOVERY_CODE, TOTP
from services.identity.oauth.clients.domain import EMAIL, OFFLINE, OPENID, PROFILE, WHOLE_SESSION
from services.identity.pages.html import HEADERS as OF_MAILED_LINKS
from services.identity.pages.html import page

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
HEADERS = OF_MAILED_LINKS | {"Content-Security-Policy": POLICY}
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


def sign_in_page(form: str, client_name: str, email: str, refused: str = "", status: int = 200) -> HTMLResponse:
    """Asks for address and password."""
    fields = (
        f'<label for="email">E-mail address</label><input id="email" name="email" type="email" autocomplete="username" '
        f'maxlength="254" value="{escape(email, quote=True)}" required>'
        '<label for="password">Password</label><input id="password" name="password" type="password" '
        'autocomplete="current-password" maxlength="128" required>'
    )
    text = f"<p>Sign in to go on to {escape(client_name)}.</p>"
    return page("Sign in", text + _why(refused) + _form(form, "sign_in", fields, "Sign in"), status, HEADERS)


def second_step_page(
    form: str, ticket: str, methods: Sequence[str], refused: str = "", status: int = 200
) -> HTMLResponse:
    """Asks for a code of one of the methods."""
    known = [method for method in methods if method in CODES]
    choices = "".join(
        f'<label><input type="radio" name="method" value="{method}" style="width:auto" '
        f"{'checked' if at == 0 else ''}> {CODES[method]}</label>"
        for at, method in enumerate(known)
    )
    fields = (
        _hidden("ticket", ticket)
        + choices
        + '<label for="code">Code</label>'
        + '<input id="code" name="code" autocomplete="one-time-code" maxlength="100" required>'
    )
    only = "<p>Your account has passkeys alone as second factor: sign in to Estuary itself, and come back.</p>"
    body = _form(form, "second_step", fields, "Go on") if known else only if PASSKEY in methods else ""
    return page("Your second factor", _why(refused) + body, status, HEADERS)


def consent_page(form: str, client_name: str, email: str, scopes: Sequence[str]) -> HTMLResponse:
    """Asks whether the client may have these scopes."""
    listed = "".join(f"<li>{escape(in_words(scope))}</li>" for scope in scopes)
    buttons = (
        '<button type="submit" name="decision" value="allow">Allow</button>'
        '<button type="submit" name="decision" value="deny">Do not allow</button>'
    )
    hidden = _hidden("form", form) + _hidden("step", "consent")
    text = f"<p>You are signed in as {escape(email)}. {escape(client_name)} asks to:</p><ul>{listed}</ul>"
    return page(f"Allow {client_name}?", f'{text}<form method="post">{hidden}{buttons}</form>', 200, HEADERS)


def refusal_page(why: str) -> HTMLResponse:
    """Says why the request of an app is not answered."""
    text = "The app that sent you here asked for something that cannot be. Go back, and tell its makers."
    return page("This did not work", f'<p role="alert">{escape(text)}</p><p>{escape(why)}</p>', 400, HEADERS)


def ask_page(form: str, title: str, text: str, button: str) -> HTMLResponse:
    """Asks for a yes."""
    return page(title, f"<p>{escape(text)}</p>{_form(form, 'confirm', '', button)}", 200, HEADERS)


def text_page(title: str, text: str = "You can close this page.") -> HTMLResponse:
    """A page with nothing to press."""
    return page(title, f'<p role="status">{escape(text)}</p>', 200, HEADERS)


def in_words(scope: str) -> str:
    """What a scope allows."""
    noun, _, act = scope.partition(".")
    if scope in SAID:
        return SAID[scope]
    return f"{'see' if act == 'read' else 'change'} {NOUNS.get(noun, noun)}"


def _form(form: str, step: str, fields: str, button: str) -> str:
    hidden = _hidden("form", form) + _hidden("step", step)
    return f'<form method="post">{hidden}{fields}<button type="submit">{escape(button)}</button></form>'


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{name}" value="{escape(value, quote=True)}">'


def _why(refused: str) -> str:
    return f'<p class="refused" role="alert">{escape(refused)}</p>' if refused else ""

"""The pages of a provider: who is it, and the way back as a form that posts itself."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from html import escape

from starlette.responses import Response

from estuary.sandbox.pages import page

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
SUBMIT = "document.forms[0].submit()"
SUBMIT_HASH = b64encode(hashlib.sha256(SUBMIT.encode()).digest()).decode()
FIELD = '<p><label>{label}<br><input name="{name}" value="{value}"></label></p>\n'
EXAMPLES = {
    "sub": "ada",
    "email": "ada@gmail.com",
    "given_name": "Ada",
    "family_name": "Lovelace",
    "hd": "",
}
LABELS = {
    "sub": "Subject: the account at the provider",
    "email": "E-mail address",
    "given_name": "First name",
    "family_name": "Last name",
    "hd": "Domain of the organisation (hd)",
}


def consent_page(title: str) -> Response:
    """Asks who the person is, and whether they allow the sign-in. The form is posted to where it was opened."""
    fields = "".join(FIELD.format(name=name, label=LABELS[name], value=value) for name, value in EXAMPLES.items())
    verified = (
        '<p><label><input type="checkbox" name="email_verified" value="true" checked> the address is proven</label></p>'
    )
    buttons = '<button name="action" value="allow">Continue</button> <button name="action" value="deny">Cancel</button>'
    return _page(f"{title} (sandbox)", f'<form method="post">{fields}{verified}{buttons}</form>', POLICY)


def posting_page(address: str, fields: Mapping[str, str]) -> Response:
    """Goes to that address with these fields, by itself where scripts run, else by a button."""
    hidden = "".join(
        f'<input type="hidden" name="{escape(name, quote=True)}" value="{escape(value, quote=True)}">'
        for name, value in fields.items()
    )
    action = escape(address, quote=True)
    form = f'<form method="post" action="{action}">{hidden}<button type="submit">Continue</button></form>'
    script = f"<script>{SUBMIT}</script>"
    return _page("Back to the app", form + script, f"{POLICY}; script-src 'sha256-{SUBMIT_HASH}'")


def _page(title: str, body: str, policy: str) -> Response:
    response = page(title, body)
    response.headers["Content-Security-Policy"] = policy
    return response

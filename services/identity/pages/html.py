"""The pages as HTML: nothing is loaded from elsewhere, and no other site may frame them."""

from collections.abc import Mapping
from html import escape

from starlette.responses import HTMLResponse

from services.identity.pages.domain import PageText

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto; padding: 0 1rem; color: #1d2733 }}
h1 {{ font-size: 1.4rem }} label {{ display: block }}
input, button {{ font: inherit; padding: .6rem; margin: .4rem 0 1rem; box-sizing: border-box; width: 100% }}
.refused {{ color: #9b1c1c }}
</style></head><body><main><h1>{title}</h1>
{body}
</main></body></html>
"""
PASSWORD = """<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" maxlength="128" required>
"""


NAMES = """<label for="first_name">First name</label>
<input id="first_name" name="first_name" autocomplete="given-name" maxlength="100" required>
<label for="last_name">Last name</label>
<input id="last_name" name="last_name" autocomplete="family-name" maxlength="100" required>
"""


def form_page(text: PageText, token: str, refused: str = "", status: int = 200) -> HTMLResponse:
    """The button, and why the last try was refused."""
    why = f'<p class="refused" role="alert">{escape(refused)}</p>' if refused else ""
    field = (NAMES if text.asks_name else "") + (PASSWORD if text.asks_password else "")
    hidden = f'<input type="hidden" name="token" value="{escape(token, quote=True)}">'
    form = f'<form method="post">{hidden}{field}<button type="submit">{escape(text.button)}</button></form>'
    return page(text.title, f"<p>{escape(text.text)}</p>{why}{form}", status)


def text_page(text: PageText, said: str, status: int = 200) -> HTMLResponse:
    """A page with nothing to press."""
    return page(text.title, f'<p role="status">{escape(said)}</p>', status)


def page(title: str, body: str, status: int = 200, headers: Mapping[str, str] = HEADERS) -> HTMLResponse:
    """A page with that title and that body, which is HTML."""
    return HTMLResponse(FRAME.format(title=escape(title), body=body), status, headers)

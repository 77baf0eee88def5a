"""Small pages for people: one frame, everything escaped, nothing loaded from elsewhere."""

from html import escape

from starlette.responses import HTMLResponse

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 3rem auto; padding: 0 1rem; color: #1d2733 }}
article {{ border: 1px solid #d5dce4; border-radius: 8px; padding: 1rem; margin: 1rem 0 }}
h1 {{ font-size: 1.4rem }} h2 {{ font-size: 1rem; margin: 0 }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; font: inherit }} .by {{ color: #5b6a7a; font-size: .85rem }}
</style></head><body><h1>{title}</h1>
{body}
</body></html>
"""


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A page with that title (plain text) and body (HTML, already escaped)."""
    return HTMLResponse(FRAME.format(title=escape(title), body=body), status, HEADERS)


def paragraph(text: str) -> str:
    """The text as a paragraph."""
    return f"<p>{escape(text)}</p>"


def link(url: str | None, text: str) -> str:
    """A link as a paragraph; nothing for no address or one that is not http(s)."""
    if url is None or not url.startswith(("http://", "https://")):
        return ""
    return f'<p><a href="{escape(url, quote=True)}">{escape(text)}</a></p>'

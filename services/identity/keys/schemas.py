"""Bodies about signing keys."""

from shared.web.http import View


class KeySet(View):
    """The public keys of RFC 7517, those about to sign and those lately retired included."""

    keys: list[dict[str, str]]

"""One-time codes: those that an authenticator app shows (RFC 6238), and those that a person keeps for the day when the
device is gone."""

import hashlib
import hmac
from base64 import b32encode
from datetime import datetime
from secrets import token_bytes

import pyotp
import segno

from services.identity.factors.domain import RECOVERY_CODES, STEP_SECONDS, fits_one_time, written_plainly

ISSUER = "Estuary"
BYTES = 10
"""Of a recovery code: 80 bits, so that a fast hash of one is enough."""


def new_secret() -> str:
    """A secret for an authenticator app, in base32."""
    return pyotp.random_base32()


def otpauth_uri(secret: str, email: str) -> str:
    """What the app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def qr_svg(uri: str) -> str:
    """The QR code as an SVG element."""
    return str(segno.make(uri, error="m", micro=False).svg_inline(scale=4))


def matching_steps(secret: str, code: str, now: datetime) -> list[int]:
    """The steps of which this is the code, of the present one and one on either side, oldest first.

    Several where codes collide: any that was not used will do.
    """
    given = written_plainly(code)
    if not fits_one_time(given):
        return []
    present, app = int(now.timestamp()) // STEP_SECONDS, pyotp.TOTP(secret)
    steps = (present - 1, present, present + 1)
    return [step for step in steps if hmac.compare_digest(app.generate_otp(step), given)]


def new_recovery_codes() -> list[str]:
    """As many as an account gets, in groups of four."""
    return [_grouped(b32encode(token_bytes(BYTES)).decode()) for _ in range(RECOVERY_CODES)]


def recovery_hash(code: str) -> bytes:
    """What is stored of a recovery code."""
    return hashlib.sha256(written_plainly(code).encode(errors="replace")).digest()


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

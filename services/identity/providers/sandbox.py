"""What the providers of the sandbox know of Estuary, their one client. It is public, and worth nothing elsewhere."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc.jwk import ECKey

TITLES = {"google": "Google", "apple": "Apple", "facebook": "Facebook", "acme": "Acme"}
APPLE_TEAM_ID, APPLE_KEY_ID = "ESTUARY001", "SANDBOX001"
CLIENTS = {
    "google": ("estuary-google", "sandbox-google-secret"),
    "apple": ("app.estuary.sandbox", ""),
    "facebook": ("100000000000001", "sandbox-facebook-secret"),
    "acme": ("estuary-acme", "sandbox-acme-secret"),
}
"""Id and secret; Apple's secret is signed by `apple_key`."""


def apple_pem() -> str:
    """The private key with which Estuary signs its secret for the Apple of the sandbox."""
    secret = int.from_bytes(hashlib.sha256(b"estuary sandbox apple").digest())
    key = derive_private_key(secret, SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def apple_key() -> ECKey:
    """The same as a key of JOSE."""
    return ECKey.import_key(apple_pem())

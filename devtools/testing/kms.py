"""A small AWS KMS by its JSON protocol, for tests: it checks the signature of each request (version 4)."""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

ACCESS_KEY, SECRET_KEY = "AKIDESTUARY", "kms-test-secret"
ARN = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_ARN = ARN.replace("1234abcd", "5678efab")
TARGET = "TrentService."


class KmsServer(ThreadingHTTPServer):
    """Its keys are `ARN` and `OTHER_ARN`. `refusal` is the code of the error that every call gets meanwhile."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refusal: str | None = None
        self.calls: list[str] = []
        self._wrapped: dict[bytes, tuple[str, Any, str]] = {}

    @property
    def environment(self) -> dict[str, str]:
        """With which AWS's own library finds it."""
        return {
            "AWS_ENDPOINT_URL_KMS": f"http://127.0.0.1:{self.server_port}",
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    def answer(self, operation: str, given: Any) -> tuple[int, Any]:
        """Status and body."""
        self.calls.append(operation)
        if self.refusal is not None:
            return _refused(self.refusal)
        if given["KeyId"] not in (ARN, OTHER_ARN):
            return _refused("NotFoundException")
        context = given["EncryptionContext"]
        if operation == "Encrypt":
            blob = os.urandom(180)
            self._wrapped[blob] = given["KeyId"], context, given["Plaintext"]
            return 200, {"KeyId": given["KeyId"], "CiphertextBlob": b64encode(blob).decode()}
        key, bound_to, plain = self._wrapped.get(b64decode(given["CiphertextBlob"]), (given["KeyId"], None, ""))
        if key != given["KeyId"]:
            return _refused("IncorrectKeyException")
        return (
            (200, {"KeyId": key, "Plaintext": plain}) if bound_to == context else _refused("InvalidCiphertextException")
        )


@contextmanager
def standing_kms() -> Iterator[KmsServer]:
    """One that answers, until the end."""
    server = KmsServer()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: KmsServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not _is_signed(dict(self.headers), body):
            status, content = _refused("InvalidSignatureException")
        else:
            operation = self.headers["X-Amz-Target"].removeprefix(TARGET)
            status, content = self.server.answer(operation, json.loads(body))
        encoded = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.1")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def _refused(code: str) -> tuple[int, Any]:
    return 400, {"__type": code, "message": f"{code} by the tests"}


def _is_signed(headers: Mapping[str, str], body: bytes) -> bool:
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    method, _, rest = headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    access_key, _, region, service, _ = parts["Credential"].split("/")
    lower = {name.lower(): value for name, value in headers.items()}
    signed = {name: lower[name] for name in parts["SignedHeaders"].split(";")}
    request = AWSRequest("POST", f"http://{headers['Host']}/", headers=signed, data=body)
    request.context["timestamp"] = headers["X-Amz-Date"]
    signer = SigV4Auth(Credentials(ACCESS_KEY, SECRET_KEY), service, region)
    expected = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    named = (method, access_key, service, "x-amz-target" in signed)
    return named == ("AWS4-HMAC-SHA256", ACCESS_KEY, "kms", True) and parts["Signature"] == expected

"""Data keys that AWS KMS wraps: its key never leaves it, so that whoever has database and settings opens nothing."""

import re
from functools import cached_property
from importlib.util import find_spec
from typing import Any, Self
from uuid import UUID

import structlog

from shared.errors import Unavailable
from shared.records.sealing import DataKey, NotOpened

log = structlog.get_logger()
SETTING = re.compile(r"aws-kms:(arn:aws(?:-[a-z]+)*:kms:([a-z0-9-]+):\d{12}:key/)([A-Za-z0-9-]{1,36})")
MARK = "kms:"
"""Before the id of a key in `wrapped_by`; the id of a key of ours has no colon."""
NOT_ITS_OWN = {"InvalidCiphertextException", "IncorrectKeyException"}


class KmsUnavailable(Unavailable):
    """KMS does not answer or refuses; `line` says what and why, for the operator."""

    def __init__(self, line: str) -> None:
        """`line` is not shown to clients."""
        super().__init__()
        self.line = line


class KmsKey:
    """One key of KMS, with credentials from where AWS's own tools take them (environment, role of the container).

    What it wraps is bound to service and data key by the encryption context. It also opens what another key of the
    same account and region wrapped, as far as KMS lets it.
    """

    def __init__(self, keys: str, region: str, key_id: str, service: str) -> None:
        """`keys` is the ARN up to the id."""
        self._keys, self._region, self._id, self._service = keys, region, key_id, service

    @classmethod
    def parse(cls, text: str, service: str) -> Self:
        """Reads `aws-kms:<arn of a key>`; raises ValueError, also where boto3 is not installed."""
        found = SETTING.fullmatch(text.strip())
        if found is None:
            raise ValueError("is no aws-kms:arn:aws:kms:<region>:<account>:key/<id>")
        if find_spec("boto3") is None:
            raise ValueError("boto3 is not installed: pip install 'estuary[kms]'")
        return cls(found[1], found[2], found[3], service)

    @property
    def first(self) -> str:
        """Its id, marked."""
        return MARK + self._id

    def wrap(self, key: DataKey) -> bytes:
        """Asks KMS; raises KmsUnavailable."""
        wrapped: bytes = self._ask("encrypt", self._id, key.id, Plaintext=key.secret)["CiphertextBlob"]
        return wrapped

    def unwrap(self, key_id: UUID, wrapped: bytes, wrapped_by: str) -> DataKey:
        """Asks KMS; raises NotOpened for what no key of KMS wrapped for that service and data key, KmsUnavailable."""
        if not wrapped_by.startswith(MARK):
            raise NotOpened
        answer = self._ask("decrypt", wrapped_by.removeprefix(MARK), key_id, CiphertextBlob=wrapped)
        return DataKey(key_id, answer["Plaintext"])

    def _ask(self, operation: str, by: str, key_id: UUID, **given: bytes) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        context = {"estuary:service": self._service, "estuary:data-key": str(key_id)}
        try:
            return getattr(self._client, operation)(KeyId=self._keys + by, EncryptionContext=context, **given)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in NOT_ITS_OWN:
                raise NotOpened from None
            raise self._unavailable(code, by) from None
        except BotoCoreError as error:
            raise self._unavailable(str(error), by) from None

    def _unavailable(self, why: str, by: str) -> KmsUnavailable:
        log.error("sealing.kms_unavailable", key=self._keys + by, why=why)
        return KmsUnavailable(f"{self._service.upper()}_KMS: {self._keys}{by} cannot be used: {why}")

    @cached_property
    def _client(self) -> Any:
        from boto3.session import Session
        from botocore.config import Config

        retries = {"mode": "standard", "total_max_attempts": 3}
        config = Config(connect_timeout=3, read_timeout=5, retries=retries)
        return Session(region_name=self._region).client("kms", config=config)

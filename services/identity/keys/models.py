"""The tables of signing keys, and of the data keys that seal identity's secrets."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.identity.base import Base
from services.identity.keys.domain import Algorithm
from shared.database.sealing import SEALED, DataKeyRow
from shared.database.session import TIMESTAMPTZ, enum_column


class SigningKey(Base):
    """A key pair. `private_key` is a sealed PEM. Machine time."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(String(64), primary_key=True)
    algorithm: Mapped[Algorithm] = mapped_column(enum_column(Algorithm), default=Algorithm.ES256)
    public_jwk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    private_key: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    signs_from: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class DataKey(DataKeyRow, Base):
    """Seals identity's secrets; itself wrapped by the operator's keys."""

"""Secrets at rest: what they are bound to, and what the operator's keys do."""

from base64 import b64encode

import pytest

from shared.records.sealing import DataKey, KeyRing, NotOpened, data_key_id
from shared.settings import SealingSettings, SettingsError

PLACE = ("identity.factors", "secret", "one")
OLD, NEW = b64encode(b"o" * 32).decode(), b64encode(b"n" * 32).decode()


class TestDataKey:
    def test_opens_where_it_was_sealed(self):
        key = DataKey.new()
        sealed = key.seal(b"secret", *PLACE)
        assert key.open(sealed, *PLACE) == b"secret"
        assert b"secret" not in sealed
        assert data_key_id(sealed) == key.id

    @pytest.mark.parametrize(
        "elsewhere",
        [
            ("identity.factors", "secret", "two"),
            ("identity.factors", "other", "one"),
            ("identity.other", "secret", "one"),
            ("identity.factors", "secret|one"),
            ("identity.factors", "secret", "one", ""),
        ],
    )
    def test_opens_nowhere_else(self, elsewhere: tuple[str, ...]):
        key = DataKey.new()
        with pytest.raises(NotOpened):
            key.open(key.seal(b"secret", *PLACE), *elsewhere)

    def test_one_changed_byte_is_noticed_wherever_it_is(self):
        key = DataKey.new()
        sealed = key.seal(b"secret", *PLACE)
        for position in range(len(sealed)):
            changed = bytearray(sealed)
            changed[position] ^= 1
            with pytest.raises(NotOpened):
                key.open(bytes(changed), *PLACE)

    @pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x02" + bytes(60), b"gAAAAABf" + bytes(60)])
    def test_what_is_no_sealed_secret_does_not_open(self, sealed: bytes):
        with pytest.raises(NotOpened):
            data_key_id(sealed)

    def test_the_same_twice_is_sealed_differently(self):
        key = DataKey.new()
        assert key.seal(b"secret", *PLACE) != key.seal(b"secret", *PLACE)


class TestKeyRing:
    def test_the_first_wraps_and_all_open(self):
        key, before = DataKey.new(), KeyRing.parse(f"old:{OLD}")
        wrapped = before.wrap(key)
        after = KeyRing.parse(f"new:{NEW}, old:{OLD}")
        assert after.first == "new"
        assert after.unwrap(key.id, wrapped, "old") == key
        assert after.unwrap(key.id, after.wrap(key), "new") == key

    def test_a_wrapped_key_opens_under_its_own_id_alone(self):
        ring, key = KeyRing.parse(f"old:{OLD}"), DataKey.new()
        with pytest.raises(NotOpened):
            ring.unwrap(DataKey.new().id, ring.wrap(key), "old")
        with pytest.raises(NotOpened):
            ring.unwrap(key.id, ring.wrap(key), "gone")

    @pytest.mark.parametrize(
        "text",
        ["", OLD, f":{OLD}", f"a b:{OLD}", f"old:{OLD},old:{NEW}", "old:", "old:c2hvcnQ=", "old:*", f"old:{OLD},"],
    )
    def test_bad_ones_are_refused_without_being_shown(self, text: str):
        with pytest.raises(ValueError, match=r"id|base64") as refused:
            KeyRing.parse(text)
        assert "c2hvcnQ" not in str(refused.value)
        assert OLD not in str(refused.value)

    def test_nothing_shows_a_key(self):
        assert "oooo" not in repr(KeyRing.parse(f"old:{OLD}"))
        assert "secret" not in repr(DataKey.new())


class Settings(SealingSettings):
    """Of some service."""

    model_config = SealingSettings.model_config | {"env_prefix": "TOY_"}


class TestSettings:
    def test_with_the_sandbox_the_key_follows_from_the_service_key(self):
        one, same, other = (Settings.of({"ESTUARY_SERVICE_KEY": key * 32}).key_ring() for key in "aab")
        assert one == same
        assert one != other

    @pytest.mark.parametrize(
        "kms",
        [
            "arn:aws:kms:eu-central-1:123456789012:key/1",
            "aws-kms:",
            "aws-kms:arn:aws:kms:eu-central-1:123456789012:alias/estuary",
            "aws-kms:arn:aws:s3:eu-central-1:123456789012:key/1",
            "aws-kms:arn:aws:kms::123456789012:key/1",
            "aws-kms:arn:aws:kms:eu-central-1:123:key/1",
            "aws-kms:arn:aws:kms:eu-central-1:123456789012:key/" + "1" * 37,
        ],
    )
    def test_no_key_of_kms_is_refused_by_name(self, kms: str):
        with pytest.raises(SettingsError, match="TOY_KMS: is no aws-kms:arn"):
            Settings.of({"TOY_KMS": kms})

    def test_both_are_refused_by_name(self):
        pytest.importorskip("boto3", reason="the extra kms is not installed")
        kms = "aws-kms:arn:aws:kms:eu-central-1:123456789012:key/1"
        with pytest.raises(SettingsError, match="TOY_KEYS and TOY_KMS: set one of them"):
            Settings.of({"TOY_KEYS": f"old:{OLD}", "TOY_KMS": kms})

    @pytest.mark.parametrize(
        "env",
        [
            {},
            {"ESTUARY_SERVICE_KEY": "a" * 32, "ESTUARY_STAND_INS": "false"},
            {"TOY_KEYS": "old:short"},
        ],
    )
    def test_without_keys_of_its_own_nothing_starts_with_real_settings(self, env: dict[str, str]):
        with pytest.raises(SettingsError, match="TOY_KEYS"):
            Settings.of(env).key_ring()

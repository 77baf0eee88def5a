"""Data keys that KMS wraps: against a server that speaks its protocol and checks signatures."""

import pytest

from devtools.testing.kms import ARN, OTHER_ARN, KmsServer, standing_kms
from devtools.testing.observation import log_lines
from shared.records.kms import KmsKey, KmsUnavailable
from shared.records.sealing import DataKey, NotOpened
from shared.tests.test_sealing import OLD, Settings

pytest.importorskip("boto3", reason="the extra kms is not installed")


@pytest.fixture
def kms(monkeypatch):
    with standing_kms() as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        yield server


def key_of(arn: str = ARN, service: str = "toy") -> KmsKey:
    return KmsKey.parse(f"aws-kms:{arn}", service)


class TestKmsKey:
    def test_what_it_wraps_opens_with_it_alone(self, kms: KmsServer):
        ours, key = key_of(), DataKey.new()
        wrapped = ours.wrap(key)
        assert key.secret not in wrapped
        assert len(ours.first) == 40
        assert key_of().unwrap(key.id, wrapped, ours.first) == key
        assert kms.calls == ["Encrypt", "Decrypt"]

    def test_it_is_bound_to_its_service_and_its_data_key(self, kms: KmsServer):
        ours, key = key_of(), DataKey.new()
        wrapped = ours.wrap(key)
        with pytest.raises(NotOpened):
            key_of(service="other").unwrap(key.id, wrapped, ours.first)
        with pytest.raises(NotOpened):
            ours.unwrap(DataKey.new().id, wrapped, ours.first)
        with pytest.raises(NotOpened):
            ours.unwrap(key.id, wrapped, key_of(OTHER_ARN).first)

    def test_another_key_of_the_account_opens_what_the_former_wrapped(self, kms: KmsServer):
        former, key = key_of(), DataKey.new()
        assert key_of(OTHER_ARN).unwrap(key.id, former.wrap(key), former.first) == key

    def test_what_keys_of_ours_wrapped_is_not_asked_for(self, kms: KmsServer):
        with pytest.raises(NotOpened):
            key_of().unwrap(DataKey.new().id, b"wrapped", "2026")
        assert kms.calls == []

    def test_another_signature_is_no_good(self, kms: KmsServer, monkeypatch):
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
        with pytest.raises(KmsUnavailable) as refused:
            key_of().wrap(DataKey.new())
        assert "InvalidSignatureException" in refused.value.line

    @pytest.mark.parametrize("code", ["AccessDeniedException", "DisabledException", "KMSInternalException"])
    def test_a_refusal_names_setting_key_and_reason(self, kms: KmsServer, code: str):
        kms.refusal = code
        with log_lines() as lines, pytest.raises(KmsUnavailable) as refused:
            key_of().wrap(DataKey.new())
        assert [(line["key"], line["why"]) for line in lines if line["event"] == "sealing.kms_unavailable"] == [
            (ARN, code)
        ]
        assert refused.value.line == f"TOY_KMS: {ARN} cannot be used: {code}"
        assert ARN not in str(refused.value.detail)

    def test_one_that_is_away_is_named(self, monkeypatch):
        with standing_kms() as gone:
            environment = gone.environment
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(KmsUnavailable) as refused:
            key_of().wrap(DataKey.new())
        assert refused.value.line.startswith(f"TOY_KMS: {ARN} cannot be used: Could not connect")


class TestSettings:
    def test_kms_wraps_in_place_of_keys(self):
        real = {"ESTUARY_STAND_INS": "false", "TOY_KMS": f"aws-kms:{ARN}"}
        assert Settings.of(real).wrapping().first == f"kms:{ARN.rpartition('/')[2]}"
        assert Settings.of({"TOY_KEYS": f"old:{OLD}"}).wrapping().first == "old"

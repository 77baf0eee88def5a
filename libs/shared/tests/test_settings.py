"""Settings come from the mapping, and from nowhere else."""

import pytest

from shared.settings import ServiceSettings, SettingsError


def test_the_process_environment_is_not_read(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ESTUARY_CURRENCY", "EUR")
    assert ServiceSettings.of({}).currency == "USD"


def test_an_empty_value_is_the_default():
    assert ServiceSettings.of({"ESTUARY_CURRENCY": ""}).currency == "USD"


def test_a_bad_value_is_one_line_that_names_the_variable():
    with pytest.raises(SettingsError, match=r"^ESTUARY_CURRENCY: .*$"):
        ServiceSettings.of({"ESTUARY_CURRENCY": "euro"})

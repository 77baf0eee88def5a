import pytest

from gateway.limits import RateLimits, network_of
from gateway.settings import GatewaySettings
from shared.errors import AppError


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown", "not:an:address", False),
    ],
)
def test_a_caller_is_an_ipv4_address_or_a_64_of_ipv6(one, other, same):
    assert (network_of(one) == network_of(other)) is same


def test_no_ipv4_caller_of_a_socket_for_both_uses_up_the_limit_of_another():
    limits = RateLimits(GatewaySettings.of({"GATEWAY_RATE_ANONYMOUS": "1"}))
    limits.spend(None, "::ffff:192.0.2.1")
    with pytest.raises(AppError):
        limits.spend(None, "::ffff:192.0.2.1")
    limits.spend(None, "::ffff:192.0.2.2")

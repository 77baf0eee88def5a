"""Fixtures for all tests are in `shared.testing`."""

pytest_plugins = ["shared.testing"]

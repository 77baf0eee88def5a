"""Certificates of courses that were attended."""

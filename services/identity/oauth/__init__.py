"""Estuary as a provider of OpenID Connect: apps of others, and pages on other origins, sign people in with it.

`clients/` are those apps, `protocol/` is Authlib's core as a pure function, `browsers/` who is signed in where,
`authorizations/` what people are asked, `tokens/`, `logouts/` and `handoffs/` what follows from it.
"""

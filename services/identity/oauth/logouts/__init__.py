"""Signing out of a browser, as an app asks for it (OpenID Connect RP-Initiated Logout)."""

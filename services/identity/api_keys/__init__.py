"""API keys of practitioners and partners: made, ended, and exchanged by the gateway for short tokens."""

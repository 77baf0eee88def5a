"""The public edge: one pure ASGI application in front of all services, in process or over the network.

Owns: routing, early refusal of bad tokens, body limits, CORS, security headers, request ids, the one OpenAPI document
and its page. Keeps no state but rate limits, and knows services only by name.
Read in this order: `routes` (what goes where), `app` (the wiring), `pipeline` (the steps of one request), `proxy`.
"""

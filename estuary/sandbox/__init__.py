"""The sandbox for Stripe, mail and the clock, so that a first start needs no account anywhere.

They speak the real protocols (Stripe's REST API with signed webhooks, SMTP), keep what they know in the schema
`sandbox` and in a folder of mails, and survive restarts. None of them exists when real settings are given.
Read `app` first, then `stripe/app`, `stripe/work` and `stripe/intents`.
"""

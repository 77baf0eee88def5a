"""Sign-in providers as the outside world has them, each in its own dialect: google, apple, facebook, acme.

Their pages ask nobody to sign in: a form says who the person is, and whether they allow it.
"""

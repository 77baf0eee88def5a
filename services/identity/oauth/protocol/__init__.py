"""OAuth 2 and OpenID Connect by Authlib's core, which does no I/O: a case goes in, an answer comes out.

Rows are loaded before, what is to be stored is stored after, in the same transaction.
"""

"""Sign-in in a real Chromium: passkeys, codes, the pages of the provider and of mailed links, an app elsewhere."""

"""What a person is asked before an app gets a code: to sign in, and to allow it."""

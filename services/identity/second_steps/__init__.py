"""Proofs by a second factor or a passkey: the second step of a sign-in, a sign-in by passkey alone, stepping up."""

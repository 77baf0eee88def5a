"""Pages that mailed links lead to where no app has its own: a button each, without scripts."""

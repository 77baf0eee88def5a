"""The rules of the house that a machine can keep. `rules.py` says what they are, `source.py` reads the files."""

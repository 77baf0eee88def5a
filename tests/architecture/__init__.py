"""The rules of the code that a machine can keep. `rules.py` says what they are, `source.py` reads the files."""

"""The acceptance script: it knows the published interface and a base URL, and nothing of the code.

`python -m tests.journey http://127.0.0.1:8000` walks through every scenario and prints a line per step.
"""

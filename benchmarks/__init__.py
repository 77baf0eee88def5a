"""Measurements as ratios against a limit or a peer taken in the same run. `python -m benchmarks` runs them all."""

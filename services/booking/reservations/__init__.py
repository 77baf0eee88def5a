"""Practitioners' time: what is taken, under the constraints that keep it apart."""

"""Practitioners: who offers services here, and whether staff has approved them."""

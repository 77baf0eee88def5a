"""Who came to a session: its roster, the practitioner's marks, and checking in by code."""

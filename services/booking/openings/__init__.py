"""The starts of the next 60 days that can be booked, of each service, kept ready for catalog's search.

What changes them marks the practitioner, by triggers in the same transaction (`marks.sql`); a job computes the openings
of marked practitioners anew from the slots that everyone is shown, and publishes those that are others now.
"""

"""What can be booked when: services with their hours, what keeps a practitioner busy, and the openings between."""

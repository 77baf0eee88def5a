"""What paid periods of memberships grant: credits, and sessions that pay seats."""

"""People who are gone, and practitioners without approval: whose streams are found no longer."""

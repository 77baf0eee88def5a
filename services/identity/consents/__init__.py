"""What people agree to: documents in versions, and each decision as a record that is only added."""

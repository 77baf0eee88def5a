"""The texts of all notifications, and how they are rendered."""

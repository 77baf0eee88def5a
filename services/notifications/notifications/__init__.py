"""What a person is notified of: stored for the in-app list, handed to every channel, listed and read."""

"""The ways out of the process. Each has a folder and implements `notifications.channel.Channel`."""

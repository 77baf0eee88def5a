"""The production checklist: settings that are not safe, each with its name."""

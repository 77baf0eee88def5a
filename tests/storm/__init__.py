"""An instance is killed again and again while people book and pay; nothing that it promised may be lost."""

"""What an install keeps of its first start."""

"""What concerns more than one service: stories told from outside, and the rules of the code."""

"""What is sold together: packages of sessions at a discount, and bundles at a price of their own."""

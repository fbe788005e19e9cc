"""What runs in worker processes of ours: front doors of their own."""

"""The forges: where changes are, each behind the one Protocol of ports.py."""

"""The bot's front door: hears webhooks, keeps what is to be looked at, and has it looked at."""

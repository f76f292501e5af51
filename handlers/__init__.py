"""All that knows Telegram, the composition root and the command line."""

"""A local Bot API server and a chat in the terminal, for trying the bot and for its tests."""

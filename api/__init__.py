"""The HTTP API: the service for other platforms. Knows no messenger; imports nothing of ours but ``bot``."""

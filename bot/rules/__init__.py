"""Rules: what a scam type looks like, one TOML file each, and how a rule is matched."""

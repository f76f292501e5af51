"""What to do after a scam: from what happened to an ordered plan. Pure, and free of any messenger."""

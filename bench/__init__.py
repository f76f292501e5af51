"""Measurements: speed as ratios within one run, quality with sample sizes. No test: nothing here passes or fails."""

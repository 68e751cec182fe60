"""What a cohort comes to: counts, and what of them may be shown."""

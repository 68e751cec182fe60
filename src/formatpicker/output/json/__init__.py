"""Results as JSON, and its schemas."""

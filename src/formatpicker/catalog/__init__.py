"""The catalog: its model, its file's schema, and how one becomes the other."""

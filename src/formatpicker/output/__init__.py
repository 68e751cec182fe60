"""Results for people and programs: text, HTML, JSON."""

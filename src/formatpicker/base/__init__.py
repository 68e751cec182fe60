"""What every room uses: text, durations, files, documents, the terminal."""

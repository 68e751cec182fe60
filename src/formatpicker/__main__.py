"""``python -m formatpicker``."""

from formatpicker.cli import main

main()

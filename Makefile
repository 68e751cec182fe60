# Shortcuts for work on the project; CONTRIBUTING.md says more.
.PHONY: setup test lint record lock ci
setup:
	python3 -m venv .venv
	.venv/bin/pip install -q --require-hashes -r requirements/dev.txt
	.venv/bin/pip install -q --no-deps --no-build-isolation -e .
test:
	.venv/bin/pytest -n 2 --dist worksteal
lint:
	.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
record: # the outputs that the documentation shows
	.venv/bin/python tools/record.py
lock: # the pinned versions in requirements/
	.venv/bin/python tools/lock.py
ci:
	.ci/run

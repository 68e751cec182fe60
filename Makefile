# Shortcuts for work on the project; CONTRIBUTING.md says more.
.PHONY: setup test lint record golden lock ci
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
golden: # the documents, the page and the screens that tests hold
	for each in tests/output/test_golden.py tests/output/test_report.py tests/cli/test_screens.py; do \
	  FORMATPICKER_TODAY=2026-11-25 PYTHONPATH=tools:tests:tests/batch:tests/cli .venv/bin/python $$each || exit 1; done
lock: # the pinned versions in requirements/
	.venv/bin/python tools/lock.py
ci:
	.ci/run

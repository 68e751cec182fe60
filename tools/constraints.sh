#!/usr/bin/env bash
# Writes constraints.txt: the newest versions that pyproject.toml allows, with the hashes of their files for every
# system and every supported Python. Needs uv and the network. Run the tests with the result before keeping it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --upgrade --quiet \
  --no-annotate --custom-compile-command tools/constraints.sh \
  --output-file constraints.txt

# Every verb sets up what it needs in .venv and touches nothing else.
#
# PyTorch's CPU build: where `pip install torch` would take a CUDA build, say
#   make chat TORCH_INDEX=https://download.pytorch.org/whl/cpu
TORCH_INDEX =
PYTHON = python3

BIN = .venv/bin
SETTINGS = HF_HUB_OFFLINE=1 HF_HUB_DISABLE_TELEMETRY=1 GRADIO_ANALYTICS_ENABLED=False
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt

.PHONY: chat install test check format soak screenshots clean

chat: .venv/installed
	$(BIN)/citespan chat

install: .venv/installed

test: .venv/developed
	$(SETTINGS) $(BIN)/python -m pytest

check: .venv/developed
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(SETTINGS) $(BIN)/python -m pytest

format: .venv/developed
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

soak: .venv/developed
	$(SETTINGS) $(BIN)/python -m pytest -m soak

# The pictures of the README, of the real page over the sample articles.
screenshots: .venv/developed
	$(SETTINGS) $(BIN)/python tests/browser/screenshots.py docs/screenshots

clean:
	rm -rf .venv

.venv/installed: pyproject.toml .ci/constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) torch
	$(PIP) --editable .
	touch $@

.venv/developed: .venv/installed
	$(PIP) --editable '.[dev]'
	touch $@

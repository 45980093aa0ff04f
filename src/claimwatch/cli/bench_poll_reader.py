"""The `reader` package as a contestant of `claimwatch bench poll`; needs only that package and Python.

Started as `PYTHON -I bench_poll_reader.py PORT FEEDS FOLDER`, with a Python that has `reader`. Updates all feeds
for each line on its standard input.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

WORKERS = 20


def main() -> None:
    """Say the version, add the feeds, then update them once for each line that comes."""
    port, feeds, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    package = import_module("reader")
    reader = package.make_reader(str(folder / "reader.db"))
    for feed in range(feeds):
        reader.add_feed(f"http://127.0.0.1:{port}/{feed}")
    print(f"reader {package.__version__}", flush=True)  # noqa: T201 - how the parent learns of it
    for _ in sys.stdin:
        reader.update_feeds(scheduled=False, workers=WORKERS)
        print(reader.get_entry_counts().total, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

"""A real process of several that share a server, with a rest for loopback hosts too.

`python -m tests.acceptance.shared_worker run|worker --config CONFIG ...`
"""

from __future__ import annotations

import sys
from datetime import timedelta

from claimwatch.cli.main import main
from claimwatch.core import pacing
from claimwatch.core.model import HostPace

REST = timedelta(seconds=0.3)

if __name__ == "__main__":
    pacing.OWN_HOST = HostPace(1, REST)
    main(sys.argv[1:])

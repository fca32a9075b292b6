"""Entry point of `python -m replication`."""

import sys

try:
    from replication.cli import main
except KeyboardInterrupt:  # importing takes a second, in which Ctrl-C is as likely as later
    print("interrupted; nothing was begun", file=sys.stderr)
    sys.exit(130)

sys.exit(main())

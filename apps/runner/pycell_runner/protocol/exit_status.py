"""Exit statuses by which a run tells the supervisor why it has sent no outcome.

Used by the run, after the script, and by the supervisor.
"""

from __future__ import annotations

from typing import Final

from .contract import EXIT_WITHOUT_CONNECTION

#: The spare could not become a run.
NOT_STARTED: Final = 1
#: The script had closed the run's connection.
NO_CONNECTION: Final = EXIT_WITHOUT_CONNECTION

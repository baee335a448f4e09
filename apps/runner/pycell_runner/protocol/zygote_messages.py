"""What a zygote and its supervisor exchange: two sockets, and packets from the zygote on one of them.

Used by the supervisor when it starts a zygote, and by the zygote before it forks. No run uses it.
"""

from __future__ import annotations

import struct
from enum import Enum
from typing import Final

#: Where a started zygote finds its two sockets: the one that the service connects to, and the one to the supervisor.
LISTENER_DESCRIPTOR: Final = 100
SUPERVISOR_DESCRIPTOR: Final = 101

#: Number and pid of a run that was forked; the read ends of its stdout and stderr come with it.
FORKED: Final = struct.Struct("!Ii")
#: Begins the packet that says that the zygote is ready; what ZYGOTE tells of it but its kind follows as JSON.
READY_MARK: Final = b"ready "

#: The number of a run: the serial of its zygote above these bits, counted within it below.
RUN_BITS: Final = 20


class ZygoteKind(str, Enum):
    """What a zygote has loaded."""

    BARE = "bare"
    """The interpreter and much of its standard library."""
    PACKAGES = "packages"
    """Every package of the sandbox root too, but for those of figures: numpy, pandas, what the operator has put there."""
    FIGURES = "figures"
    """matplotlib and the packages for science as well. Large, so there is one only while it is used."""

    __str__ = str.__str__

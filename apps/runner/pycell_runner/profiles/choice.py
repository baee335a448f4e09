"""Chooses the profile by the command line. Called once in the supervisor and once in each zygote, before the fork."""

from __future__ import annotations

from typing import Final

from .full import FullProfile
from .gvisor import GvisorProfile
from .local import LocalProfile
from .profile import Profile

JAIL_PROFILES: Final[dict[str, Profile]] = {"full": FullProfile(), "gvisor": GvisorProfile()}
"""By the name that `--profile` gives them."""


def profile_of(is_isolated: bool, name: str) -> Profile:
    """Return the jail's profile, or local mode's where `--isolated` was not given."""
    return JAIL_PROFILES[name] if is_isolated else LocalProfile()

"""How scripts end in forks of a zygote: the same as in a runner of their own, by the same tests."""

from __future__ import annotations

import unittest

from . import test_leftovers, test_outcomes, test_tampering, test_watching
from ..runner_case import WarmCase


class WarmResults(WarmCase, test_outcomes.Results):
    pass


class WarmExceptions(WarmCase, test_outcomes.Exceptions):
    pass


class WarmSyntax(WarmCase, test_outcomes.Syntax):
    pass


class WarmMemory(WarmCase, test_outcomes.Memory):
    pass


class WarmDeadline(WarmCase, test_watching.Deadline):
    pass


class WarmOutput(WarmCase, test_watching.Output):
    pass


class WarmDeath(WarmCase, test_watching.Death):
    pass


class WarmPatches(WarmCase, test_tampering.Patches):
    pass


class WarmDescriptors(WarmCase, test_tampering.Descriptors):
    pass


class WarmForgeries(WarmCase, test_tampering.Forgeries):
    pass


class WarmLeftovers(WarmCase, test_leftovers.Leftovers):
    pass


if __name__ == "__main__":
    unittest.main()

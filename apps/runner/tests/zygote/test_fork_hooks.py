"""Which of the hooks around a fork a zygote keeps, and that scripts find `os.register_at_fork` as it is."""

from __future__ import annotations

import os
import unittest
from unittest import mock

from pycell_runner.zygote import fork_hooks

from ..runner_case import WarmCase


class Registering(unittest.TestCase):
    def setUp(self) -> None:
        self.registered = mock.Mock()
        self.left_out: list[object] = []
        for name, value in (("_register", self.registered), ("_skipped", self.left_out)):
            patch = mock.patch.object(fork_hooks, name, value)
            patch.start()
            self.addCleanup(patch.stop)
        patch = mock.patch.object(os, "register_at_fork")
        patch.start()
        self.addCleanup(patch.stop)
        fork_hooks.skip_thread_hooks()

    def register_in(self, module: str, hook: mock.Mock) -> None:
        exec("import os\nos.register_at_fork(before=hook, after_in_child=hook)", {"__name__": module, "hook": hook})

    def test_what_is_about_threads_is_skipped_until_it_is_asked_for(self) -> None:
        for module in ("threading", "logging", "concurrent.futures.thread"):
            hook = mock.Mock()
            self.register_in(module, hook)
            self.registered.assert_not_called()
            hook.assert_not_called()
            fork_hooks.run_skipped_hooks()
            hook.assert_called_once_with()
            self.left_out.clear()

    def test_every_other_hook_is_registered(self) -> None:
        for module in ("random", "some_package.threading", "__main__"):
            hook = mock.Mock()
            self.register_in(module, hook)
            self.registered.assert_called_once_with(before=hook, after_in_child=hook)
            self.registered.reset_mock()

    def test_afterwards_hooks_are_accepted_as_they_are(self) -> None:
        fork_hooks.restore_registration()
        self.assertIs(os.register_at_fork, self.registered)


class InRuns(WarmCase):
    def test_threads_and_loggers_work(self) -> None:
        script = (
            "import logging, threading\n"
            "def main():\n"
            "    seen = []\n"
            "    threads = [threading.Thread(target=seen.append, args=(n,)) for n in range(3)]\n"
            "    for thread in threads: thread.start()\n"
            "    for thread in threads: thread.join(5)\n"
            "    logging.warning('told')\n"
            "    return [sorted(seen), threading.active_count(), threading.current_thread() is threading.main_thread()]"
        )
        report = self.execute(script)
        self.assertEqual(report.result, [[0, 1, 2], 1, True])
        self.assertIn("told", report.stderr)

    def test_the_import_system_and_the_hooks_are_python_s_own(self) -> None:
        script = "import os, sys\ndef main(): return [type(os.register_at_fork).__name__, [type(f).__name__ for f in sys.meta_path]]"
        # One is ours, and has an eye on matplotlib alone.
        self.assert_result(script, ["builtin_function_or_method", ["type", "type", "_Finder", "type"]])


if __name__ == "__main__":
    unittest.main()

"""Run them: `python3 -m unittest discover -s tools/sandbox-root/tests -t tools/sandbox-root`."""

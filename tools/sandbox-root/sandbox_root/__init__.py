"""Builds what the Python side of pycell needs on this host: packages, nsjail and the sandbox root.

Called by `build.py` beside this folder; nothing else imports it.
"""

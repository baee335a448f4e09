"""The program that runs one script for pycell, inside the jail or, in local mode, beside it.

Standard library only. Two processes take part in a run: the *supervisor* (`supervisor.py`), which talks
to the API and never touches the script, and the *run* (`run.py`), a fork of it that holds the script.
"""

from . import own_builtins

own_builtins.give_to(__name__)

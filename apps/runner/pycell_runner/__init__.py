"""The program in the jail; in local mode the service starts it without one. Standard library only.

Three kinds of processes, a folder for each: the *supervisor* watches runs and talks to the service, a *zygote* has
loaded what scripts need and forks runs, a *run* holds one script. The folders below them serve all three. Imports
point downward only, in the order that tests/test_layers.py holds:

    supervisor -> zygote -> run -> validation -> hints -> result -> profiles -> kernel -> protocol
"""

from . import own_builtins

own_builtins.install(__name__)

"""What the runner and the service must agree on. In every process of the runner.

Generated from libs/contracts by `npm run generate`: do not edit.
"""

from __future__ import annotations

from typing import Final, Literal

#: Statuses that the run reports of itself. INTERNAL: a spare that could not become a run.
OutcomeStatus = Literal["OK", "SYNTAX_ERROR", "MAIN_MISSING", "INVALID_INPUTS", "SCRIPT_ERROR", "SCRIPT_EXITED", "MEMORY_LIMIT", "RESULT_TOO_LARGE", "ARTIFACTS_TOO_LARGE", "RESULT_NOT_SERIALIZABLE", "INTERNAL"]
#: Statuses that the supervisor reports in ENDED. OK: the service has the outcome.
EndStatus = Literal["OK", "SCRIPT_EXITED", "SCRIPT_CRASHED", "TIMEOUT", "OUTPUT_LIMIT", "CANCELLED"]

PROTOCOL_VERSION: Final = 9
RESULT_DEPTH: Final = 200
INPUTS_DEPTH: Final = 200
FILE_NAME_BYTES: Final = 255
FILE_NAME_STEPS: Final = 8
TMP_INODES: Final = 4096
SHM_BYTES: Final = 1048576
SHM_INODES: Final = 256
PROCESSES_FOR_STARTS: Final = 128
EXIT_WITHOUT_CONNECTION: Final = 98
MAIN_MISSING_MESSAGE: Final = "Script must contain a main() function"
#: Folders of the jail in which a run could leave something for another one, if it could write there.
PROBED_FOLDERS: Final = ("/", "/dev", "/dev/shm", "/etc", "/opt/pycell/runner", "/tmp", "/usr", "/usr/bin")
#: Top-level modules that only the zygote of figures loads, where matplotlib is there.
FIGURES_MODULES: Final = ("PIL", "cloudpickle", "contourpy", "cycler", "fontTools", "formulaic", "interface_meta", "joblib", "kiwisolver", "matplotlib", "mpl_toolkits", "narwhals", "packaging", "patsy", "pylab", "pyparsing", "scipy", "seaborn", "sklearn", "statsmodels", "threadpoolctl", "typing_extensions", "wrapt")

/** The constants that the runner shares with the service, as a Python module, from the module of libs/contracts. */

export function pythonContract(contracts) {
  const { codesBy, FIGURES_MODULES, FIXED_LIMITS, MAIN_MISSING_MESSAGE, PROBED_FOLDERS, PROTOCOL_VERSION } =
    contracts;
  const constants = Object.entries(FIXED_LIMITS).map(
    ([name, value]) => `${constantName(name)}: Final = ${value}`,
  );
  return `"""What the runner and the service must agree on. In every process of the runner.

Generated from libs/contracts by \`npm run generate\`: do not edit.
"""

from __future__ import annotations

from typing import Final, Literal

#: Statuses that the run reports of itself. INTERNAL: a spare that could not become a run.
OutcomeStatus = Literal[${quoted(['OK', ...codesBy('run'), 'INTERNAL'])}]
#: Statuses that the supervisor reports in ENDED. OK: the service has the outcome.
EndStatus = Literal[${quoted(['OK', ...codesBy('supervisor'), 'CANCELLED'])}]

PROTOCOL_VERSION: Final = ${PROTOCOL_VERSION}
${constants.join('\n')}
MAIN_MISSING_MESSAGE: Final = ${JSON.stringify(MAIN_MISSING_MESSAGE)}
#: Folders of the jail in which a run could leave something for another one, if it could write there.
PROBED_FOLDERS: Final = (${quoted(PROBED_FOLDERS)})
#: Top-level modules that only the zygote of figures loads, where matplotlib is there.
FIGURES_MODULES: Final = (${quoted(FIGURES_MODULES)})
`;
}

const constantName = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
const quoted = (names) => names.map((name) => JSON.stringify(name)).join(', ');

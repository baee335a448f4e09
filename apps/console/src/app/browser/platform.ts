/** Whether the user's keyboard has a Command key. */
export const HAS_COMMAND_KEY = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The key that shortcuts are made with, as keyboards name it. */
export const MOD_KEY = HAS_COMMAND_KEY ? '⌘' : 'Ctrl';

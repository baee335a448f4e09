import { setMaxListeners } from 'node:events';

/**
 * Returns a controller for the end of something that many wait beside: as many listeners as there are runs are no leak,
 * which Node warns of from the eleventh on.
 */
export function lastingAbort(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

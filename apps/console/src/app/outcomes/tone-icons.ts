import type { IconName } from '../ui/icons/icon-paths';
import type { OutcomeDescription } from './outcome-description';

/** The icon of an outcome. */
export const TONE_ICONS: Readonly<Record<OutcomeDescription['tone'], IconName>> = {
  success: 'check',
  warning: 'clock',
  error: 'alert',
  neutral: 'stop',
};

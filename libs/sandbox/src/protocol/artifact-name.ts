import { FIXED_LIMITS } from '@pycell/contracts';

/**
 * What a client could be led elsewhere by, or shown another name by than the one it gets: control characters, those that
 * change the direction of text or cannot be seen, and what separates folders or names streams and drives on Windows.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\\:*?"<>|]/u;
/** Names of devices, whatever their extension, on Windows. */
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i;

/**
 * Whether a client can take the name of an artifact for a relative path, without looking at it: the process that chose it
 * held the script. `result/artifact_names.py` of the runner makes such names of all others.
 */
export function isSafeArtifactName(name: string): boolean {
  const steps = name.split('/');
  return (
    Buffer.byteLength(name) <= FIXED_LIMITS.fileNameBytes &&
    steps.length <= FIXED_LIMITS.fileNameSteps &&
    !UNSAFE.test(name) &&
    steps.every((step) => step !== '' && !/^\.+$|^[ ~]|[. ]$/.test(step) && !DEVICE.test(step))
  );
}

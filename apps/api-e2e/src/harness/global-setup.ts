import { ApiServer } from './api-server';
import { JAIL_FAULT, isJailRequired } from './jail-support';

/** Tries the jail once, before any spec file, so that every suite knows at its definition whether it can run. */
export default async function findJailFault(): Promise<void> {
  const fault = await jailFault();
  process.env[JAIL_FAULT] = fault;
  if (fault !== '' && !isJailRequired()) {
    console.log(`Skipping every BUILD=cloud suite: the jail does not work on this host (${fault})`);
  }
}

async function jailFault(): Promise<string> {
  try {
    const server = await ApiServer.start({ BUILD: 'cloud' });
    await server.stop();
    return '';
  } catch (error) {
    const text = String(error);
    // The server's own words where it came up and its probe failed, else what kept it from coming up.
    return (/"msg":"(The sandbox does not work[^"]*)/.exec(text)?.[1] ?? text.replaceAll('\n', ' ')).slice(
      0,
      500,
    );
  }
}

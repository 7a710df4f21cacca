/** How a command finds the stack that `npm start` runs on this machine. */
import { once } from 'node:events';
import { connect } from 'node:net';

/** The project of the local stack. The emulators treat every `demo-` project as one that exists only here. */
export const PROJECT = 'demo-farmacy';

/**
 * The key of the pseudonyms on the local stack. It is not a secret and never changes, so that the customers of
 * `emulator-data/` are recognised when they buy again.
 */
export const LOCAL_HASH_KEY = 'no-secret-the-pseudonyms-of-the-local-stack';

/** Everything local listens here: nothing can be reached from another machine. */
export const LOOPBACK = '127.0.0.1';

/** Whether something accepts connections on a port now. */
export async function answers(port: number, host = LOOPBACK): Promise<boolean> {
  const socket = connect(port, host);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** Sends `text` to a server of a test, and resolves with all that comes back until the server ends the connection. */
export function exchangeWith(
  server: Server,
  text: string,
  onOpen?: (socket: Socket) => void,
  localAddress?: string,
): Promise<string> {
  return new Promise((resolve) => {
    let received = '';
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', ...(localAddress && { localAddress }) });
    socket.setEncoding('utf8').on('data', (piece: string) => (received += piece));
    // What is sent to a connection that the server has ended is answered by a reset.
    socket.on('error', () => undefined).on('close', () => resolve(received));
    socket.write(text);
    onOpen?.(socket);
  });
}

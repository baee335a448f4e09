import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hasBody } from './has-body';

/** The connections of a server. Those that wait for a request, or for the rest of one, can give way to others. */
export class OpenConnections {
  /** Without a whole request in hand; the one that has waited longest is the first. */
  private readonly waiting = new Set<Socket>();
  /** How many whole requests the others have in hand: a client may send the next before the answer. */
  private readonly inHand = new Map<Socket, number>();

  get size(): number {
    return this.waiting.size + this.inHand.size;
  }

  add(socket: Socket): void {
    this.waiting.add(socket);
    socket.once('close', () => this.forget(socket));
  }

  /** For every request, before it is answered. */
  track(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    let isWhole = false;
    const becomeWhole = (): void => {
      if (!socket.destroyed) {
        isWhole = true;
        this.waiting.delete(socket);
        this.inHand.set(socket, (this.inHand.get(socket) ?? 0) + 1);
      }
    };
    if (hasBody(request)) {
      request.once('end', becomeWhole);
    } else {
      becomeWhole();
    }
    response.once('close', () => {
      // A request that is refused before its body was read ends afterwards.
      request.off('end', becomeWhole);
      this.answered(socket, isWhole ? 1 : 0);
    });
  }

  /** Ends the connection that has waited longest, besides `newest`. Returns whether there was one. */
  endOldestWaiting(newest: Socket): boolean {
    for (const socket of this.waiting) {
      if (socket !== newest) {
        this.end(socket);
        return true;
      }
    }
    return false;
  }

  end(socket: Socket): void {
    this.forget(socket);
    socket.destroy();
  }

  private answered(socket: Socket, requests: number): void {
    if (socket.destroyed) {
      return;
    }
    const left = (this.inHand.get(socket) ?? 0) - requests;
    if (left > 0) {
      this.inHand.set(socket, left);
      return;
    }
    this.forget(socket);
    this.waiting.add(socket);
  }

  private forget(socket: Socket): void {
    this.waiting.delete(socket);
    this.inHand.delete(socket);
  }
}

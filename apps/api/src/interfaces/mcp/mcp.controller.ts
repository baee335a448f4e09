import { Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { sendPieces } from '../door/answer-pieces';
import { type ForeignClient, FromForeignClient } from '../door/foreign-client';
import { InterfaceController } from '../door/interface-controller';
import { McpExchange } from './mcp-exchange';
import { MCP_PATH } from './mcp.interface';
import { MessageRefused, methodOf, readMessage, type ReceivedMessage } from './received-message';
import { RPC_CODES, rpcError } from './rpc-error';

/** Streams of what happens unasked: there is none here, and one would be held open for nothing. */
const SUBSCRIBING = 'subscriptions/listen';

@InterfaceController()
export class McpController {
  constructor(private readonly exchange: McpExchange) {}

  @Post(MCP_PATH)
  async receive(
    @Req() request: Request,
    @Res() response: Response,
    @FromForeignClient() client: ForeignClient,
  ): Promise<void> {
    let message: ReceivedMessage;
    try {
      message = await readMessage(bytesOf(request), () => client.signal.throwIfAborted());
    } catch (error) {
      if (!(error instanceof MessageRefused)) {
        throw error;
      }
      send(response, 400, [Buffer.from(JSON.stringify(rpcError(error.code, error.message)))]);
      return;
    }
    if (methodOf(message.envelope) === SUBSCRIBING) {
      send(response, 404, [Buffer.from(JSON.stringify(notServed(message.envelope)))]);
      return;
    }
    const { status, pieces } = await this.exchange.answer(message, request.headers, client);
    send(response, status, pieces);
  }
}

function bytesOf({ body }: Request): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}

function send(response: Response, status: number, pieces: readonly Buffer[]): void {
  response.status(status);
  if (pieces.length === 0) {
    response.end();
  } else {
    sendPieces(response, pieces);
  }
}

function notServed(message: unknown) {
  const id = (message as { readonly id?: unknown }).id;
  return rpcError(
    RPC_CODES.methodNotFound,
    `Method not found: ${SUBSCRIBING}. Ask tools/list again to see whether tools have changed`,
    typeof id === 'string' || typeof id === 'number' ? id : null,
  );
}

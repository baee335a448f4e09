import { createServer, IncomingMessage, type Server, ServerResponse } from 'node:http';
import { ExpressAdapter } from '@nestjs/platform-express';

/** The part of an Express application that says what requests and responses inherit from. */
interface ExpressPrototypes {
  request: object;
  response: object;
}

/**
 * Express on a server whose requests and responses are born with Express's methods. Express itself gives each of them
 * another prototype, after which V8 has a hidden class for every single object (seen with Node 20.20 and Express 5.2):
 * no inline cache of Express, Nest, pino or our own code ever hits, and a request costs four times as much CPU. Where an
 * object has the prototype already, setting it does nothing.
 */
export class ShapedExpressAdapter extends ExpressAdapter {
  declare protected httpServer: Server;

  override initHttpServer(): void {
    class Request extends IncomingMessage {
      /** Who sent it, which some are asked for earlier than others: there from the start, for the one hidden class. */
      caller?: unknown = undefined;
    }
    class Response extends ServerResponse {}
    const application = this.getInstance<ExpressPrototypes>();
    Object.setPrototypeOf(Request.prototype, application.request);
    Object.setPrototypeOf(Response.prototype, application.response);
    application.request = Request.prototype;
    application.response = Response.prototype;
    this.httpServer = createServer(
      { IncomingMessage: Request, ServerResponse: Response },
      this.getInstance(),
    );
  }

  /** Connections that are idle must not hold up the end; answers under way have had their time before. */
  override close(): Promise<unknown> | undefined {
    this.httpServer.closeAllConnections();
    return super.close();
  }
}

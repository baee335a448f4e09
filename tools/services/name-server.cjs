/** Answers DNS as a test wants it. */
const { createSocket } = require('node:dgram');
const { once } = require('node:events');
const { isIPv4 } = require('node:net');

const TYPE_A = 1;
const TYPE_AAAA = 28;
const NAME_ERROR = 3;

/** Returns the addresses of a name; `silence`: it is not answered at all. @typedef {(name: string) => readonly string[] | 'silence'} Names */

/** A name server on loopback, which answers what a test wants at that moment. */
class NameServer {
  /**
   * @param {import('node:dgram').Socket} socket
   * @param {Names} addressesOf
   */
  constructor(socket, addressesOf) {
    /** How often a name was asked for, by `NAME A` or `NAME AAAA`. @type {string[]} */
    this.asked = [];
    this.socket = socket;
    this.addressesOf = addressesOf;
    socket.on('message', (query, { port, address }) => {
      const answer = this.answer(query);
      if (answer) {
        socket.send(answer, port, address);
      }
    });
  }

  /**
   * @param {Names} addressesOf
   * @param {number} [port]
   */
  static async start(addressesOf, port = 0) {
    const socket = createSocket('udp4').bind(port, '127.0.0.1');
    await once(socket, 'listening');
    return new NameServer(socket, addressesOf);
  }

  get server() {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop() {
    this.socket.close();
  }

  /**
   * @param {Buffer} query
   * @returns {Buffer | null}
   */
  answer(query) {
    const labels = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = query.readUInt16BE(at + 1);
    const name = labels.join('.').toLowerCase();
    this.asked.push(`${name} ${type === TYPE_A ? 'A' : 'AAAA'}`);
    const all = this.addressesOf(name);
    if (all === 'silence') {
      return null;
    }
    const wanted = all.filter((address) => (isIPv4(address) ? TYPE_A : TYPE_AAAA) === type);
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180 | (all.length === 0 ? NAME_ERROR : 0), 2);
    head.writeUInt16BE(wanted.length, 6);
    head.writeUInt32BE(0, 8);
    const records = wanted.map((address) => recordOf(type, bytesOf(address)));
    return Buffer.concat([head, query.subarray(12, at + 5), ...records]);
  }
}

/**
 * The name is that of the question, and nobody may remember the answer.
 * @param {number} type
 * @param {Buffer} data
 */
function recordOf(type, data) {
  const record = Buffer.alloc(12);
  record.writeUInt16BE(0xc00c, 0);
  record.writeUInt16BE(type, 2);
  record.writeUInt16BE(1, 4);
  record.writeUInt16BE(data.length, 10);
  return Buffer.concat([record, data]);
}

/** @param {string} address */
function bytesOf(address) {
  if (isIPv4(address)) {
    return Buffer.from(address.split('.').map(Number));
  }
  const [before = '', after] = address.split('::');
  /** @param {string} text */
  const groups = (text) => text.split(':').filter((group) => group !== '');
  const missing = after === undefined ? 0 : 8 - groups(before).length - groups(after).length;
  const all = [...groups(before), ...Array(missing).fill('0'), ...groups(after ?? '')];
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

module.exports = { NameServer };

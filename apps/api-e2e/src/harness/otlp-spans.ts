/** Reads what OTLP exporters send as `http/protobuf`: the fields of opentelemetry/proto/trace/v1/trace.proto that tests look at. */

/** A span as a collector sees it. */
export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty where it has none. */
  readonly parentId: string;
  readonly traceState: string;
  readonly name: string;
  /** 1 internal, 2 server. */
  readonly kind: number;
  readonly startMs: number;
  readonly endMs: number;
  /** 0 unset, 1 ok, 2 error. */
  readonly status: number;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly resource: Readonly<Record<string, string | number | boolean>>;
}

/** The values of a message by the numbers of their fields: numbers, or the bytes of what has a length. */
type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

const VARINT = 0;
const FIXED_64 = 1;
const WITH_LENGTH = 2;
const FIXED_32 = 5;

function fieldsOf(bytes: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes.readUInt8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return bytes.subarray(at - length, at);
  };
  const valueOf = (type: number): Buffer | bigint => {
    switch (type) {
      case VARINT:
        return varint();
      case FIXED_64:
        return take(8);
      case WITH_LENGTH:
        return take(Number(varint()));
      case FIXED_32:
        return take(4);
      default:
        throw new Error(`wire type ${type} at ${at}`);
    }
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    fields.set(tag >> 3, [...(fields.get(tag >> 3) ?? []), valueOf(tag & 7)]);
  }
  return fields;
}

const messages = (fields: Fields, number: number): readonly Buffer[] =>
  (fields.get(number) ?? []).filter((value) => Buffer.isBuffer(value));
const bytesOf = (fields: Fields, number: number): Buffer => messages(fields, number)[0] ?? Buffer.alloc(0);
const textOf = (fields: Fields, number: number): string => bytesOf(fields, number).toString('utf8');
const hexOf = (fields: Fields, number: number): string => bytesOf(fields, number).toString('hex');
const integerOf = (fields: Fields, number: number): number => Number(fields.get(number)?.[0] ?? 0n);
const millisecondsOf = (fields: Fields, number: number): number =>
  Number(bytesOf(fields, number).readBigUInt64LE()) / 1e6;

function attributesOf(fields: Fields, number: number): ReceivedSpan['attributes'] {
  return Object.fromEntries(
    messages(fields, number).map((pair) => {
      const keyValue = fieldsOf(pair);
      const value = fieldsOf(bytesOf(keyValue, 2));
      const read =
        value.has(1) || value.size === 0
          ? textOf(value, 1)
          : value.has(2)
            ? integerOf(value, 2) === 1
            : value.has(3)
              ? integerOf(value, 3)
              : bytesOf(value, 4).readDoubleLE();
      return [textOf(keyValue, 1), read];
    }),
  );
}

/** Returns the spans of a request to /v1/traces. @throws Error for what is no such message */
export function spansOf(body: Buffer): readonly ReceivedSpan[] {
  return messages(fieldsOf(body), 1).flatMap((ofResource) => {
    const { 0: resourceBytes = Buffer.alloc(0) } = messages(fieldsOf(ofResource), 1);
    const resource = attributesOf(fieldsOf(resourceBytes), 1);
    return messages(fieldsOf(ofResource), 2).flatMap((ofScope) =>
      messages(fieldsOf(ofScope), 2).map((bytes) => spanOf(fieldsOf(bytes), resource)),
    );
  });
}

function spanOf(span: Fields, resource: ReceivedSpan['resource']): ReceivedSpan {
  return {
    traceId: hexOf(span, 1),
    spanId: hexOf(span, 2),
    parentId: hexOf(span, 4),
    traceState: textOf(span, 3),
    name: textOf(span, 5),
    kind: integerOf(span, 6),
    startMs: millisecondsOf(span, 7),
    endMs: millisecondsOf(span, 8),
    status: integerOf(fieldsOf(bytesOf(span, 15)), 3),
    attributes: attributesOf(span, 9),
    resource,
  };
}

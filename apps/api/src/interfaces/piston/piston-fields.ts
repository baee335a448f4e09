import { IsLargeText, IsListOf } from '../door/foreign-bodies';

class FileFields {
  @IsLargeText()
  readonly content?: unknown;
}

/** What of the body of `POST /api/v2/execute` may be large, and what is a list. */
export class PistonFields {
  @IsListOf(() => FileFields)
  readonly files?: unknown;

  /** Of texts, which are read as they are. */
  @IsListOf(() => Object)
  readonly args?: unknown;

  @IsLargeText()
  readonly stdin?: unknown;
}

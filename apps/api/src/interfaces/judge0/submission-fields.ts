import { IsLargeText, IsListOf } from '../door/foreign-bodies';

/** What of a submission may be large. */
export class SubmissionFields {
  @IsLargeText()
  readonly source_code?: unknown;

  @IsLargeText()
  readonly stdin?: unknown;

  @IsLargeText()
  readonly expected_output?: unknown;
}

/** The body of `POST /submissions/batch`. */
export class BatchFields {
  @IsListOf(() => SubmissionFields)
  readonly submissions?: unknown;
}

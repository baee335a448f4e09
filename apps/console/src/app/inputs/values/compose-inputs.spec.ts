import { type InputEntry, type InputKind, PLAIN_SETUP, type RunSetup } from '../../script/run-setup';
import { composeInputs, entriesOfJson, inputsView, jsonOfForm } from './compose-inputs';
import { type InputField, MORE, type Signature } from './input-field';

function field(name: string, kind: InputKind, changes: Partial<InputField> = {}): InputField {
  return {
    name,
    kind,
    isRequired: true,
    isNullable: false,
    options: [],
    defaultJson: null,
    description: '',
    ...changes,
  };
}

function setupOf(
  entries: Readonly<Record<string, InputEntry>>,
  changes: Partial<RunSetup['inputs']> = {},
): RunSetup {
  return { ...PLAIN_SETUP, inputs: { view: 'form', json: '', entries, ...changes } };
}

const SIGNATURE: Signature = {
  fields: [field('city', 'text'), field('days', 'integer', { isRequired: false, defaultJson: '7' })],
  takesMore: false,
  doc: '',
};

describe('the inputs of a form', () => {
  it('are spliced together from what was typed', () => {
    const setup = setupOf({
      days: { kind: 'integer', text: '1180591620717411303424' },
      city: { kind: 'text', text: 'Oslo' },
    });
    expect(composeInputs(setup, SIGNATURE)).toEqual({
      json: '{"city":"Oslo","days":1180591620717411303424}',
      problems: [],
    });
  });

  it('leave out what is empty and has a default', () => {
    const setup = setupOf({ city: { kind: 'text', text: 'Oslo' } });
    expect(composeInputs(setup, SIGNATURE).json).toBe('{"city":"Oslo"}');
  });

  it('name what is missing and what is wrong', () => {
    const setup = setupOf({ days: { kind: 'integer', text: 'many' } });
    expect(composeInputs(setup, SIGNATURE).problems).toEqual([
      { control: 'input:city', message: 'city is missing' },
      { control: 'input:days', message: 'days must be a whole number' },
    ]);
  });

  it('are false for a box that is not ticked, and null for what may be None', () => {
    const fields = [field('sure', 'boolean'), field('limit', 'integer', { isNullable: true })];
    expect(composeInputs(setupOf({}), { ...SIGNATURE, fields })).toEqual({
      json: '{"sure":false,"limit":null}',
      problems: [],
    });
  });

  it('are what the field is now, not what it was when it was typed', () => {
    const setup = setupOf({ city: { kind: 'integer', text: '7' } });
    expect(composeInputs(setup, SIGNATURE).json).toBe('{"city":"7"}');
  });

  it('are what it was then, while the signature is not known', () => {
    const setup = setupOf({ city: { kind: 'text', text: '7' }, days: { kind: 'integer', text: '7' } });
    expect(composeInputs(setup, null).json).toBe('{"city":"7","days":7}');
  });

  it('hold other names where main takes them, each name once', () => {
    const entries = {
      city: { kind: 'text', text: 'Oslo' },
      [MORE]: { kind: 'object', text: '{"x": 1.0, "y": []}' },
    } as const;
    const signature = { ...SIGNATURE, takesMore: true };
    expect(composeInputs(setupOf(entries), signature).json).toBe('{"city":"Oslo","x":1.0,"y":[]}');
    const twice = { ...entries, [MORE]: { kind: 'object', text: '{"city": 1}' } } as const;
    expect(composeInputs(setupOf(twice), signature).problems).toEqual([
      { control: 'input:**', message: 'city has a field of its own' },
    ]);
  });
});

describe('the inputs as JSON', () => {
  it('are sent as they were written, and win over the form', () => {
    const json = ' {"n": 1.0, "n2": 1180591620717411303424}\n';
    const setup = setupOf({ city: { kind: 'text', text: 'Oslo' } }, { view: 'json', json });
    expect(composeInputs(setup, SIGNATURE)).toEqual({ json: json.trim(), problems: [] });
  });

  it.each([
    ['[1]', /must be one JSON object/],
    ['{"a": 1', /^The inputs are not JSON\. /],
    ['{"a": NaN}', /^The inputs are not JSON\. /],
  ])('say what is wrong with %p', (json, message) => {
    const { problems } = composeInputs(setupOf({}, { view: 'json', json }), SIGNATURE);
    expect(problems).toEqual([{ control: 'json', message: expect.stringMatching(message) as string }]);
  });

  it('come from the form and go back there', () => {
    const entries = {
      city: { kind: 'text', text: '7' },
      days: { kind: 'integer', text: '1180591620717411303424' },
    } as const;
    const json = jsonOfForm(SIGNATURE.fields, setupOf(entries));
    expect(json).toBe('{\n  "city": "7",\n  "days": 1180591620717411303424\n}');
    expect(entriesOfJson(json, SIGNATURE)).toEqual(entries);
  });

  it('go to the form with names that it does not have', () => {
    expect(entriesOfJson('{"x": 1.0, "city": "Oslo", "__proto__": 2}', SIGNATURE)).toEqual({
      city: { kind: 'text', text: 'Oslo' },
      [MORE]: { kind: 'object', text: '{"x": 1.0, "__proto__": 2}' },
    });
    expect(entriesOfJson('{"x"', SIGNATURE)).toBeNull();
    expect(entriesOfJson('[1]', SIGNATURE)).toBeNull();
    expect(entriesOfJson(' ', SIGNATURE)).toEqual({});
  });
});

describe('the view of the inputs', () => {
  const none: Signature = { fields: [], takesMore: false, doc: '' };

  it.each([
    ['a form where main takes something', setupOf({}), SIGNATURE, 'form'],
    ['nothing where main takes nothing', setupOf({}), none, 'none'],
    ['JSON where main takes anything', setupOf({}), { ...none, takesMore: true }, 'json'],
    ['JSON where nothing is known', setupOf({}), null, 'json'],
    [
      'a form of what was typed where nothing is known',
      setupOf({ a: { kind: 'any', text: '1' } }),
      null,
      'form',
    ],
    ['JSON where that was chosen', setupOf({}, { view: 'json' }), SIGNATURE, 'json'],
    ['JSON for global names', { ...setupOf({}), mode: 'script' as const }, SIGNATURE, 'json'],
  ] as const)('is %s', (_, setup, signature, view) => {
    expect(inputsView(setup, signature)).toBe(view);
  });
});

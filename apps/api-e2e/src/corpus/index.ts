import type { CorpusTheme } from './corpus-case';
import { LANGUAGE } from './language';
import { LLM_WRITTEN } from './llm-written';

/** Every theme of the corpus. */
export const CORPUS: readonly CorpusTheme[] = [LANGUAGE, LLM_WRITTEN];

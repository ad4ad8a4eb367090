import type { Login } from '../../analysis';

/** What a message adds about a login, in brackets: why it is what it is called, and how sure that is. Empty without either. */
export function remarks({ note, confidence }: Pick<Login, 'note' | 'confidence'>): string {
  const doubt = confidence === 'evidence' ? 'judged by name and use, since the connection is made elsewhere' : '';
  const remark = [note, doubt].filter(Boolean).join('; ');
  return remark ? ` (${remark})` : '';
}

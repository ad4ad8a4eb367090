import { classify, isPeeked, type Api, type Verdict } from './classify';

const PEEK_BYTES = 4096;

/** What an answer means, and Salesforce's own code for it where one was read. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly errorCode?: string;
}

/** Reads at most 4 KB, and only of answers that may be about the session. The answer is left whole. */
export async function judge(response: Response, api: Api): Promise<Judgement> {
  const peek = isPeeked(response.status, api) ? await peekBody(response) : '';
  const errorCode = /"errorCode"\s*:\s*"(\w+)"/.exec(peek)?.[1];
  return { verdict: classify(response.status, api, response.headers, peek), ...(errorCode && { errorCode }) };
}

async function peekBody(response: Response): Promise<string> {
  const reader = response.clone().body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for (let bytes = 0; bytes < PEEK_BYTES; ) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value.subarray(0, PEEK_BYTES - bytes), { stream: true });
      bytes += value.byteLength;
    }
  } catch {
    // A body that breaks off is the caller's to find out about.
  }
  // Not awaited: a cancelled copy settles only when the original is done with.
  reader.cancel().catch(() => {});
  return text;
}

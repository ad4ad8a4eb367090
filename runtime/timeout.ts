/**
 * Like AbortSignal.timeout, and good as a part of AbortSignal.any: Node 20 collects a timeout that only such a signal refers to,
 * and then it never fires. One with a listener is kept. https://github.com/nodejs/node/issues/57736
 */
export function timeoutSignal(milliseconds: number): AbortSignal {
  const signal = AbortSignal.timeout(milliseconds);
  signal.addEventListener('abort', () => {}, { once: true });
  return signal;
}

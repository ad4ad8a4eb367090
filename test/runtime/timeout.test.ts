import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { timeoutSignal } from '../../runtime/timeout';

it('ends a request that nobody answers, also when garbage is collected meanwhile', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const server = createServer(() => {}).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const closing = new AbortController();
  const request = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, { signal: AbortSignal.any([closing.signal, timeoutSignal(300)]) });
  const collecting = setInterval(collect, 20);
  await expect(request).rejects.toMatchObject({ name: 'TimeoutError' });
  clearInterval(collecting);
  server.closeAllConnections();
  server.close();
});

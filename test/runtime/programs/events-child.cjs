// A program of its own: node events-child.cjs RUNTIME TESTING FLOW, which is sent a code block of docs/runtime/events.md. It runs
// the block, lives through a login, an expired session and a dead grant, tells its parent what came of it, and crashes.
const { AsyncLocalStorage } = require('node:async_hooks');
const { context, metrics, ROOT_CONTEXT, trace } = require('@opentelemetry/api');
const { AggregationTemporality, InMemoryMetricExporter, MeterProvider, PeriodicExportingMetricReader } = require('@opentelemetry/sdk-metrics');
const { BasicTracerProvider } = require('@opentelemetry/sdk-trace-base');
const [runtime, testing, flow] = process.argv.slice(2);
const { createSalesforceAuth } = require(runtime);
const { startFakeOrg } = require(testing);

const QUERY = '/services/data/v60.0/query?q=SELECT+Id+FROM+Account';

/** The SDK as a program sets it up, with its spans and counts kept here. */
const spans = { started: 0, ended: [] };
const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] });
const active = new AsyncLocalStorage();
context.setGlobalContextManager({
  active: () => active.getStore() ?? ROOT_CONTEXT,
  with: (given, work, self, ...args) => active.run(given, () => work.apply(self, args)),
});
trace.setGlobalTracerProvider(
  new BasicTracerProvider({
    spanProcessors: [{ onStart: () => (spans.started += 1), onEnd: (span) => spans.ended.push(span), forceFlush: async () => {}, shutdown: async () => {} }],
  }),
);
metrics.setGlobalMeterProvider(meters);

const secrets = new Set();
/** fetch, which notes what must not be seen. */
async function noting(input, init) {
  const sent = new URLSearchParams(String(init?.body ?? ''));
  for (const name of ['assertion', 'refresh_token', 'client_secret']) if (sent.get(name)) secrets.add(sent.get(name));
  const response = await fetch(input, init);
  const { access_token: token } = String(input).endsWith('/token') ? await response.clone().json().catch(() => ({})) : {};
  if (token) secrets.add(token);
  return response;
}

async function live() {
  const org = await startFakeOrg();
  const { clientId, clientSecret, privateKey, username, refreshToken } = org.credentials;
  for (const secret of [clientSecret, privateKey, refreshToken]) secrets.add(secret);
  const identity = () => createSalesforceAuth({ flow, loginUrl: org.url, clientId, clientSecret, privateKey, username, refreshToken, fetch: noting });
  const auth = identity();
  const twin = identity();

  org.failNext('token', 1, { status: 503 });
  await auth.login();
  // Two token requests of one identity at the same time.
  await Promise.all([auth.login(), twin.login()]);
  org.expireSessions();
  await trace.getTracer('app').startActiveSpan('job', async (span) => {
    await auth.fetch(QUERY);
    span.end();
  });
  org.expireSessions();
  org.failNext('token', 1, { status: 400, body: { error: 'invalid_grant', error_description: `${[...secrets].at(-1)} of an inactive user` } });
  const dead = auth.fetch(QUERY);
  await dead.catch(() => {});
  await auth.login().catch(() => {});

  await meters.forceFlush();
  const [{ metrics: counted }] = exporter.getMetrics().at(-1)?.scopeMetrics ?? [{ metrics: [] }];
  const { started, ended } = spans;
  process.send({
    secrets: [...secrets],
    users: [username, clientId],
    started,
    spans: ended.map((span) => {
      const { name, kind, status, attributes, events, duration, parentSpanContext } = span;
      return { name, kind, status, attributes, events, duration, parent: parentSpanContext?.spanId, id: span.spanContext().spanId };
    }),
    counters: counted.map(({ descriptor, dataPoints }) => ({ name: descriptor.name, points: dataPoints.map(({ attributes, value }) => ({ attributes, value })) })),
  });
  process.disconnect();
  await org.close();
  // Nobody catches it: what Node prints then is all that is left of the process.
  await dead;
}

process.once('message', (code) => {
  new Function('require', code)(require);
  void live();
});

// Does what the parent says, one message an action; see Worker in fleet.ts.
export function serve(actions) {
  process.on('message', async ({ id, action, input }) => {
    if (action === 'proceed') return process.emit('proceed');
    try {
      process.send({ id, value: await actions[action](input) });
    } catch (error) {
      process.send({ id, error: { code: error.code, message: error.message } });
    }
  });
  process.send({ event: 'ready' });
}

'use strict';

// Copies Salesforce to the billing system: one round at the start, and one more for each line on standard input,
// which is how the scheduler asks for it. A round that fails ends the process; the supervisor starts it again.

const readline = require('readline');
const billing = require('./lib/billing');

const steps = [
  { name: 'accounts', sync: require('./lib/accounts').sync },
  { name: 'invoices', sync: require('./lib/invoices').sync },
  { name: 'payments', sync: require('./lib/payments').sync }
];

let rounds = 0;
let running = false;
let waiting = 0;

function runSteps(index, failed, done) {
  if (index === steps.length) return done(failed);
  const step = steps[index];
  step.sync(function (err, count) {
    if (err) console.log(step.name + ': failed: ' + err);
    else console.log(step.name + ': ' + count + ' copied');
    runSteps(index + 1, err ? failed + 1 : failed, done);
  });
}

function round() {
  if (running) {
    waiting += 1;
    return;
  }
  running = true;
  rounds += 1;
  runSteps(0, 0, function (failed) {
    billing.save();
    running = false;
    console.log('round ' + rounds + ': ' + (failed ? failed + ' of ' + steps.length + ' steps failed' : 'complete'));
    if (failed) {
      process.exitCode = 1;
      input.close();
      process.stdin.destroy();
    } else if (waiting > 0) {
      waiting -= 1;
      round();
    }
  });
}

const input = readline.createInterface({ input: process.stdin });
input.on('line', round);

round();

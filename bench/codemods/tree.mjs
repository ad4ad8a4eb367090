// A repository in which one file in a hundred is about Salesforce.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { filesOf } from '../lint/corpus.mjs';

const PER_FOLDER = 100;
const ONE_IN = 100;

/** A folder of so many files, the same ones each time; a tree of fewer files is the start of a larger one. */
export class Tree {
  path = mkdtempSync(join(tmpdir(), 'bench-tree-'));
  bytes = 0;

  constructor(count) {
    this.count = count;
    const plain = filesOf('plain');
    const ours = inTurn(filesOf('logins'), filesOf('salesforce'));
    for (let index = 0; index < count; index++) {
      const from = index % ONE_IN === 0 ? ours : plain;
      const { path, text } = from[(index % ONE_IN === 0 ? index / ONE_IN : index) % from.length];
      const folder = join(this.path, `folder-${Math.floor(index / PER_FOLDER)}`);
      if (index % PER_FOLDER === 0) mkdirSync(folder);
      writeFileSync(join(folder, `${index}-${basename(path)}`), text);
      this.bytes += Buffer.byteLength(text);
    }
  }

  remove() {
    rmSync(this.path, { recursive: true });
  }
}

/**
 * Short files with a finding each and the code of Salesforce's libraries: on average as long as a file about Salesforce in a
 * public repository, which is some 7 kB.
 */
function inTurn(some, others) {
  return some.flatMap((file, index) => [file, others[index % others.length]]);
}

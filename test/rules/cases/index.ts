import { ajaxToolkit } from './ajax-toolkit';
import { connections } from './connections';
import { constructors } from './constructors';
import { envelopes } from './envelopes';
import { grants } from './grants';
import { innocent } from './innocent';
import { missed } from './missed';
import { nforce } from './nforce';
import { nodeSoap } from './node-soap';
import { otherNames } from './other-names';
import { passwordGrants } from './password-grants';
import { pubsub } from './pubsub';
import { styles } from './styles';
import { versions } from './versions';

/** Every case of both login rules: what one of them reports, the other stays silent on. */
export const loginCases = [
  ...constructors,
  ...styles,
  ...connections,
  ...grants,
  ...otherNames,
  ...versions,
  ...nodeSoap,
  ...envelopes,
  ...ajaxToolkit,
  ...pubsub,
  ...nforce,
  ...passwordGrants,
  ...innocent,
  ...missed,
];

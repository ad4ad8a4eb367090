/** What writes where others read: loggers, HTTP answers, chats, the screen. */

export const CONSOLE = new Set(['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table', 'group', 'groupCollapsed', 'assert']);
export const LOG_METHODS = new Set([
  'log', 'info', 'warn', 'warning', 'error', 'debug', 'trace', 'verbose', 'silly', 'fatal', 'notice', 'http', 'success', 'logJson', 'styledJSON', 'styledJson', 'styledObject', 'styledHeader', 'setOutput',
  'logToStderr', 'appendLine', 'addLog', 'write', 'logInfo', 'logDebug', 'logError', 'table', 'succeed',
]);
export const LOGGER = /log(?:ger|ging|s)?$|^(?:winston|pino|bunyan|log4js|ux|cli|signale|consola|core|outputChannel|spinner|nebulaLogger)$|^log\b|logger$/i;
/** Methods of a logger that give back another one. */
export const MAKES_LOGGER = new Set(['child', 'withContext', 'withScope', 'scope', 'with']);
export const BARE_LOGS = new Set(['log', 'logger', 'debug', 'dbg', 'print', 'println', 'trace', 'logDebug', 'logInfo', 'logError', 'debugLog', 'writeLog', 'logMessage', 'consoleLog']);
export const ANSWERS = new Set(['send', 'json', 'jsonp', 'render', 'end', 'write', 'status', 'sendStatus', 'type', 'code']);
export const WRITES_ANSWER = new Set(['send', 'json', 'jsonp', 'render', 'end', 'write']);
export const ANSWER_NAME = /^(?:res|resp|response|reply|rep|_res|httpRes|NextResponse|Response)$/;
export const REPLIES = new Set(['reply', 'replyPrivate', 'say', 'sendMessage', 'endDialog', 'sendText', 'sendActivity', 'postMessage', 'postEphemeral', 'whisper']);
export const CHAT_NAME = /^(?:bot|message|msg|ctx|context|convo|chat|session|turnContext|slack|dc|step|telegram|rtm)$/i;
export const ALERTS = new Set(['alert', 'toast', 'showToast', 'showInformationMessage', 'showErrorMessage', 'showWarningMessage', 'notify']);

'use strict';

const finance = require('./finance');
const billing = require('./billing');

exports.sync = function (callback) {
  finance.open().then(function (conn) {
    conn.query('SELECT Id, Account__c, Amount__c FROM Invoice__c ORDER BY Id', function (err, result) {
      if (err) return callback(err);
      result.records.forEach(function (invoice) {
        billing.put('invoices', invoice.Id, { customer: invoice.Account__c, amount: invoice.Amount__c });
      });
      callback(null, result.records.length);
    });
  }, callback);
};

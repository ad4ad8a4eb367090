'use strict';

const request = require('request');
const finance = require('./finance');
const billing = require('./billing');

// jsforce was too slow for the payments once, so these are fetched by hand, with the session of the invoices.
exports.sync = function (callback) {
  finance.open().then(function (conn) {
    request({
      url: conn.instanceUrl + '/services/data/v45.0/query',
      qs: { q: 'SELECT Id, Invoice__c, Amount__c FROM Payment__c ORDER BY Id' },
      headers: { Authorization: 'Bearer ' + conn.accessToken },
      json: true
    }, function (err, response, body) {
      if (err) return callback(err);
      if (response.statusCode !== 200) {
        const first = Array.isArray(body) ? body[0] : {};
        return callback(new Error(first.errorCode || 'HTTP ' + response.statusCode));
      }
      body.records.forEach(function (payment) {
        billing.put('payments', payment.Id, { invoice: payment.Invoice__c, amount: payment.Amount__c });
      });
      callback(null, body.records.length);
    });
  }, callback);
};

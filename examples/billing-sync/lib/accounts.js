'use strict';

const salesforce = require('./salesforce');
const billing = require('./billing');

exports.sync = function (callback) {
  salesforce.connect(function (err, conn) {
    if (err) return callback(err);
    conn.query('SELECT Id, Name, BillingCountry FROM Account ORDER BY Name', function (err, result) {
      if (err) return callback(err);
      result.records.forEach(function (account) {
        billing.put('customers', account.Id, { name: account.Name, country: account.BillingCountry });
      });
      callback(null, result.records.length);
    });
  });
};

'use strict';

// The billing system's inbox: one JSON file, by kind and Salesforce id.

const fs = require('fs');

const file = process.env.BILLING_FILE || 'billing.json';
const data = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : { customers: {}, invoices: {}, payments: {} };

exports.put = function (kind, id, fields) {
  data[kind][id] = fields;
};

exports.save = function () {
  fs.writeFileSync(file, JSON.stringify(data, null, 2) + '\n');
};

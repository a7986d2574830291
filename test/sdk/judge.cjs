// Checks JSON of Google Ads' REST API against the official message descriptions.
//
// What a lenient reader would let pass is reported: unknown fields, enums by another name, 64-bit
// numbers that are not texts.
'use strict';
const fs = require('fs');
const path = require('path');
const protobuf = require('protobufjs');

const nodes = path.dirname(require.resolve('google-ads-node/package.json'));
const root = protobuf.Root.fromJSON(JSON.parse(fs.readFileSync(path.join(nodes, 'build/protos/protos.json'), 'utf8')));
root.resolveAll();

const camel = name => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

// Messages that proto3 JSON writes as a text.
const AS_TEXT = new Set(['.google.protobuf.FieldMask', '.google.protobuf.Duration', '.google.protobuf.Timestamp']);
const SCALARS = [
  [/64$/, value => typeof value === 'string' && /^-?\d+$/.test(value), 'a 64-bit number as text'],
  [/32$/, value => Number.isInteger(value), 'a whole number'],
  [/^(double|float)$/, value => typeof value === 'number', 'a number'],
  [/^bool$/, value => typeof value === 'boolean', 'true or false'],
  [/^(string|bytes)$/, value => typeof value === 'string', 'a text'],
];

function judge_value(field, value, at, found) {
  const type = field.resolvedType;
  if (type instanceof protobuf.Enum) {
    if (!(value in type.values)) found.push(`${at}: ${value} is not in ${type.fullName}`);
  } else if (type instanceof protobuf.Type) {
    if (AS_TEXT.has(type.fullName)) {
      if (typeof value !== 'string') found.push(`${at}: expected a text`);
    } else if (type.fullName === '.google.protobuf.Any') {
      judge_any(value, at, found);
    } else if (value === null || typeof value !== 'object') {
      found.push(`${at}: expected an object`);
    } else {
      judge_message(type, value, at, found);
    }
  } else {
    const [, fits, expected] = SCALARS.find(([pattern]) => pattern.test(field.type));
    if (!fits(value)) found.push(`${at}: found ${JSON.stringify(value)}, expected ${expected}`);
  }
}

function judge_any(value, at, found) {
  const { '@type': name, ...rest } = value;
  judge_message(root.lookupType(String(name).split('/')[1]), rest, at, found);
}

function judge_message(type, object, at, found) {
  const fields = new Map(type.fieldsArray.map(field => [camel(field.name), field]));
  for (const [name, value] of Object.entries(object)) {
    const field = fields.get(name);
    if (!field) {
      found.push(`${at}.${name}: no field of ${type.fullName}`);
    } else if (field.repeated) {
      if (!Array.isArray(value)) found.push(`${at}.${name}: expected an array`);
      else value.forEach((each, i) => judge_value(field, each, `${at}.${name}[${i}]`, found));
    } else {
      judge_value(field, value, `${at}.${name}`, found);
    }
  }
}

// What is wrong with `body` as that message; nothing when it is fine.
module.exports = (message, body) => {
  const found = [];
  judge_message(root.lookupType(message), body, message.split('.').pop(), found);
  return found;
};

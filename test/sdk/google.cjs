// A Google Ads client of npm for reads; for what it does not send by REST, the judge of judge.cjs.
// usage: google.cjs CONTROL_URL GOOGLE_URL
'use strict';
const axios = require('axios');
const { GoogleAdsApi } = require('google-ads-api');
const judge = require('./judge.cjs');
const { Proof, sandbox, account } = require('./proof.cjs');

const [control, base] = process.argv.slice(2);
const SERVICES = 'google.ads.googleads.v24.services.';
const headers = { authorization: 'Bearer sandbox-token', 'developer-token': 'sandbox-developer', 'content-type': 'application/json' };

// The client knows one host only.
for (const client of new Set([axios, axios.default])) {
  if (client && client.interceptors) {
    client.interceptors.request.use(config => ({ ...config, url: config.url.replace('https://googleads.googleapis.com', base) }));
  }
}

async function reads(proof, customer, from_date, to_date) {
  await proof.step('client: report by ad and day', () => customer.report({
    entity: 'ad_group_ad', attributes: ['ad_group_ad.ad.id', 'campaign.name'], metrics: ['metrics.cost_micros', 'metrics.impressions', 'metrics.video_quartile_p25_rate'],
    segments: ['segments.date'], from_date, to_date }), rows => rows.length > 10 && rows[0].metrics.cost_micros > 0);
  await proof.step('client: query of campaigns', () => customer.report({
    entity: 'campaign', attributes: ['campaign.id', 'campaign.status', 'campaign.bidding_strategy_system_status', 'campaign_budget.amount_micros'] }), rows => rows.length > 0 && rows[0].campaign_budget.amount_micros > 0);
}

async function post(cid, call, body) {
  const answer = await fetch(`${base}/v24/customers/${cid}/${call}`, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: answer.status, body: await answer.json() };
}

async function judged(proof, what, cid, call, message, body, answer_message, status = 200) {
  return proof.step(`judge: ${what}`, async () => {
    const wrong = judge(SERVICES + message, body);
    const answer = await post(cid, call, body);
    if (answer.status !== status) wrong.push(`status ${answer.status}`);
    for (const each of Array.isArray(answer.body) ? answer.body : [answer.body]) {
      if (status !== 200) wrong.push(...judge('google.ads.googleads.v24.errors.GoogleAdsFailure', (({ '@type': _, ...rest }) => rest)(each.error.details[0])));
      else wrong.push(...judge(SERVICES + answer_message, each));
    }
    if (wrong.length) throw new Error(wrong.slice(0, 5).join('; '));
    return answer.body;
  });
}

async function writes(proof, cid) {
  const query = text => ({ query: text });
  const SEARCH = ['SearchGoogleAdsStreamRequest', 'SearchGoogleAdsStreamResponse'];
  const everything = 'SELECT campaign.id, campaign.name, campaign.status, campaign.primary_status, campaign.advertising_channel_type, campaign.bidding_strategy_system_status, campaign_budget.amount_micros, campaign_budget.period, ad_group.id, ad_group.name, ad_group.status, ad_group_ad.ad.id, ad_group_ad.ad.name, ad_group_ad.ad.type, ad_group_ad.status, ad_group_ad.policy_summary.approval_status, segments.date, metrics.impressions, metrics.clicks, metrics.ctr, metrics.cost_micros, metrics.conversions, metrics.conversions_value, metrics.engagements, metrics.video_trueview_views, metrics.video_quartile_p25_rate, metrics.video_quartile_p100_rate, metrics.video_watch_time_duration_millis FROM ad_group_ad WHERE segments.date DURING LAST_7_DAYS';
  await judged(proof, 'searchStream of everything about ads', cid, 'googleAds:searchStream', SEARCH[0], query(everything), SEARCH[1]);
  await judged(proof, 'search with pages', cid, 'googleAds:search', 'SearchGoogleAdsRequest', query('SELECT customer.id, customer.currency_code, customer.time_zone FROM customer'), 'SearchGoogleAdsResponse');
  const rows = await judged(proof, 'query of budgets', cid, 'googleAds:searchStream', SEARCH[0], query('SELECT campaign_budget.id, campaign_budget.amount_micros, campaign.id FROM campaign'), SEARCH[1]);
  const budget = rows[0].results[0].campaignBudget;
  const change = amountMicros => ({ operations: [{ update: { resourceName: budget.resourceName, amountMicros }, updateMask: 'amountMicros' }], responseContentType: 'MUTABLE_RESOURCE' });
  const BUDGETS = ['campaignBudgets:mutate', 'MutateCampaignBudgetsRequest', 'MutateCampaignBudgetsResponse'];
  const more = String(BigInt(budget.amountMicros) + 1000000n);
  await judged(proof, 'a budget tried without being changed', cid, BUDGETS[0], BUDGETS[1], { ...change(more), validateOnly: true }, BUDGETS[2]);
  await judged(proof, 'a budget changed', cid, BUDGETS[0], BUDGETS[1], change(more), BUDGETS[2]);
  await judged(proof, 'a budget with a fraction of a cent refused', cid, BUDGETS[0], BUDGETS[1], change('25000001'), BUDGETS[2], 400);
  await proof.step('judge: the budget reads back', async () => (await post(cid, 'googleAds:searchStream', query('SELECT campaign_budget.amount_micros FROM campaign'))).body[0].results[0].campaignBudget.amountMicros, amount => amount === more);
  const ads = await judged(proof, 'query of one ad', cid, 'googleAds:searchStream', SEARCH[0], query('SELECT ad_group_ad.ad.id, ad_group_ad.status FROM ad_group_ad LIMIT 1'), SEARCH[1]);
  const name = ads[0].results[0].adGroupAd.resourceName;
  const pause = resourceName => ({ update: { resourceName, status: 'PAUSED' }, updateMask: 'status' });
  await judged(proof, 'an ad paused', cid, 'adGroupAds:mutate', 'MutateAdGroupAdsRequest', { operations: [pause(name)] }, 'MutateAdGroupAdsResponse');
  await judged(proof, 'one of two changes fails, the other is made', cid, 'adGroupAds:mutate', 'MutateAdGroupAdsRequest',
    { operations: [pause(`customers/${cid}/adGroupAds/1~2`), pause(name)], partialFailure: true }, 'MutateAdGroupAdsResponse');
}

(async () => {
  const proof = new Proof('google');
  const state = await sandbox(control);
  const cid = account(state, 'google').id;
  const day = offset => new Date(Date.parse(state.today) + offset * 86400000).toISOString().slice(0, 10);
  const api = new GoogleAdsApi({ client_id: 'c', client_secret: 's', developer_token: 'sandbox-developer' });
  const customer = api.Customer({ customer_id: cid, login_customer_id: '999', refresh_token: 'r' });
  customer.getAccessToken = async () => 'sandbox-token';
  await reads(proof, customer, day(-7), day(-1));
  await writes(proof, cid);
  proof.end();
})().catch(error => {
  console.log(`FAILED  google: ${String(error.stack || error)}`);
  process.exitCode = 1;
});

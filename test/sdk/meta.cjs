// Meta's own client, driven against the sandbox.
// usage: meta.cjs CONTROL_URL META_URL
'use strict';
const sdk = require('facebook-nodejs-business-sdk');
const { Proof, sandbox, advance, account } = require('./proof.cjs');

const [control, base] = process.argv.slice(2);
for (const host of ['GRAPH', 'GRAPH_VIDEO']) {
  Object.defineProperty(sdk.FacebookAdsApi, host, { get: () => base, configurable: true });
}
const text = value => JSON.stringify(value);

async function reads(proof, ad_account) {
  await proof.step('list the token\'s ad accounts', () => new sdk.User('me').getAdAccounts(['account_id', 'name', 'currency']),
    list => list.some(each => each.id === ad_account.id));
  await proof.step('read an ad account', () => ad_account.read(['name', 'currency', 'timezone_name', 'account_status', 'min_daily_budget']),
    each => each._data.account_status === 1);
  await proof.step('list campaigns', () => ad_account.getCampaigns(['name', 'status', 'objective'], { limit: 10 }), list => list.length > 0);
  await proof.step('list ad sets', () => ad_account.getAdSets(['name', 'daily_budget', 'learning_stage_info', 'effective_status'], { effective_status: ['ACTIVE', 'PAUSED'] }),
    list => list.every(each => /^\d+$/.test(each._data.daily_budget)));
  await proof.step('follow paging.next through the ads', async () => {
    const seen = new Set();
    let page = await ad_account.getAds(['name', 'creative', 'adset_id'], { limit: 4 });
    for (;;) {
      page.forEach(each => seen.add(each.id));
      if (!page.hasNext()) return seen.size;
      page = await page.next();
    }
  }, count => count > 4);
  await proof.step('list creatives', () => ad_account.getAdCreatives(['name'], { limit: 3 }), list => list.length === 3);
  await proof.step('minimum budgets', () => ad_account.getMinimumBudgets(['currency', 'min_daily_budget_imp']), list => list[0]._data.min_daily_budget_imp > 0);
}

async function insights(proof, ad_account, since, until) {
  const fields = ['ad_id', 'spend', 'impressions', 'actions', 'action_values', 'video_p25_watched_actions', 'date_start'];
  const question = { level: 'ad', time_range: { since, until }, time_increment: 1 };
  const rows = await proof.step('insights by ad and day, page by page', async () => {
    const found = [];
    let page = await ad_account.getInsights(fields, {
      ...question, action_attribution_windows: ['7d_click', '1d_view'], use_account_attribution_setting: false,
      filtering: [{ field: 'ad.impressions', operator: 'GREATER_THAN', value: 0 }], limit: 20 });
    for (;;) {
      page.forEach(each => found.push(each._data));
      if (!page.hasNext()) return found;
      page = await page.next();
    }
  }, found => found.length > 20 && found.every(each => typeof each.spend === 'string'));
  await proof.step('the same by a report run', async () => {
    const run = await ad_account.getInsightsAsync(fields, question);
    for (let look = 0; look < 10; look += 1) {
      await run.read([sdk.AdReportRun.Fields.async_status, sdk.AdReportRun.Fields.async_percent_completion]);
      if (run._data.async_status === 'Job Completed') break;
    }
    return run.getInsights([], { limit: 500 });
  }, found => found.length === Math.min(500, rows.length)
    && found[0]._data.spend === rows[0].spend);
  await proof.step('insights split by age and gender', () => ad_account.getInsights(['impressions'], { level: 'account', date_preset: 'last_7d', breakdowns: ['age', 'gender'] }),
    list => list.length > 6 && list[0]._data.age !== undefined);
}

async function writes(proof, ad_account) {
  const campaign = await proof.step('create a campaign', () => ad_account.createCampaign([], {
    name: 'C1', objective: 'OUTCOME_SALES', status: 'PAUSED', special_ad_categories: [], is_adset_budget_sharing_enabled: false }), each => each.id);
  const adset = await proof.step('create an ad set', () => ad_account.createAdSet([], {
    name: 'S1', campaign_id: campaign.id, daily_budget: 1500, billing_event: 'IMPRESSIONS', optimization_goal: 'OFFSITE_CONVERSIONS',
    bid_strategy: 'LOWEST_COST_WITHOUT_CAP', promoted_object: { pixel_id: '99', custom_event_type: 'PURCHASE' },
    targeting: { geo_locations: { countries: ['US'] } },
    attribution_spec: [{ event_type: 'CLICK_THROUGH', window_days: 7 }, { event_type: 'VIEW_THROUGH', window_days: 1 }], status: 'PAUSED' }), each => each.id);
  const video = await proof.step('upload a video by address', () => ad_account.createAdVideo([], { file_url: 'http://127.0.0.1/x.mp4', name: 'v' }), each => each.id);
  await proof.step('wait until the video is ready', async () => {
    for (let look = 0; look < 5; look += 1) {
      const node = await new sdk.AdVideo(video.id).read(['status']);
      if (node._data.status.video_status === 'ready') return node._data.status;
    }
    return null;
  }, status => status !== null);
  await proof.step('list thumbnails', () => new sdk.AdVideo(video.id).getThumbnails(['uri', 'is_preferred']), list => list.length > 0);
  const creative = await proof.step('create a creative', () => ad_account.createAdCreative([], {
    name: 'K1', object_story_spec: { page_id: '5', video_data: { video_id: video.id, title: 'T', message: 'M', image_url: 'http://127.0.0.1/t.jpg',
      call_to_action: { type: 'SHOP_NOW', value: { link: 'https://example.com' } } } } }), each => each.id);
  const ad = await proof.step('create an ad', () => ad_account.createAd([], { name: 'A1', adset_id: adset.id, creative: { creative_id: creative.id }, status: 'PAUSED' }), each => each.id);
  await proof.step('read the new ad back', () => new sdk.Ad(ad.id).read(['name', 'status', 'creative']), each => each._data.status === 'PAUSED' && each._data.creative.id === creative.id);
  await proof.step('change a budget', () => new sdk.AdSet(adset.id).update([], { daily_budget: 1800 }), each => each.success === true);
  await proof.step('read the budget back', () => new sdk.AdSet(adset.id).read(['daily_budget']), each => each._data.daily_budget === '1800');
  await proof.step('try a change without making it', async () => {
    await new sdk.AdSet(adset.id).update([], { daily_budget: 2000, execution_options: ['validate_only'] });
    return new sdk.AdSet(adset.id).read(['daily_budget']);
  }, each => each._data.daily_budget === '1800');
  await proof.step('copy an ad', () => new sdk.Ad(ad.id).createCopy([], { status_option: 'PAUSED' }), each => each._data.copied_ad_id);
  await proof.step('delete a campaign', () => new sdk.Campaign(campaign.id).delete([]), () => true);
  await proof.step('read it as deleted', () => new sdk.Campaign(campaign.id).read(['status']), each => each._data.status === 'DELETED');
  return adset;
}

async function pause_takes_effect(proof, ad_account) {
  await proof.step('a paused ad spends nothing the day after', async () => {
    const [ad] = await ad_account.getAds(['name'], { effective_status: ['ACTIVE'], limit: 1 });
    await new sdk.Ad(ad.id).update([], { status: 'PAUSED' });
    await advance(control, 2);
    return new sdk.Ad(ad.id).getInsights(['spend'], { date_preset: 'yesterday' });
  }, rows => rows.length === 0);
}

async function errors(proof) {
  await proof.step('an error is the client\'s own error', async () => {
    try {
      await new sdk.AdSet('77').read(['name']);
      return null;
    } catch (error) {
      return { name: error.name, status: error.status, code: error.response.code, usage: Object.keys(error.headers).filter(each => /usage/.test(each)) };
    }
  }, error => error && error.name === 'FacebookRequestError' && error.status === 400 && error.code === 100 && error.usage.length >= 2);
}

async function batch(proof, api, ad_account, adset) {
  await proof.step('a batch of three calls, of which one fails', async () => {
    const calls = new sdk.FacebookAdsApiBatch(api);
    const answers = [];
    const add = (method, path, params) => calls.add(method, path, params, null, () => answers.push('done'), answer => answers.push(answer.body));
    add('GET', [ad_account.id, 'insights'], { fields: 'spend' });
    add('POST', [adset.id], { status: 'PAUSED' });
    add('GET', ['77'], { fields: 'name' });
    await calls.execute();
    return answers;
  }, answers => answers[0] === 'done' && answers[1] === 'done' && answers[2].error.code === 100);
}

async function events(proof, now) {
  await proof.step('send a conversion with hashed fields and a proof', async () => {
    const person = new sdk.UserData().setEmails([' John_Smith@GMAIL.com ']).setPhones(['+1 (650) 555-1212']).setFirstNames(['Mary'])
      .setCountries(['US']).setExternalIds(['user-1']).setClientIpAddress('203.0.113.5').setClientUserAgent('UA').setFbp('fb.1.1558571054389.1098115397');
    const order = new sdk.CustomData().setValue(123.45).setCurrency('usd').setContentIds(['sku1']).setContentType('product').setOrderId('o-1').setNumItems(1)
      .setContents([new sdk.Content().setId('sku1').setQuantity(1).setItemPrice(123.45)]);
    const event = new sdk.ServerEvent().setEventName('Purchase').setEventTime(Math.floor(Date.parse(now) / 1000)).setEventId('evt-1').setActionSource('website')
      .setEventSourceUrl('https://shop.example/thanks').setUserData(person).setCustomData(order);
    return new sdk.EventRequest('sandbox-token', '99', [event]).setTestEventCode('TEST1').setAppSecret('sandbox-secret').execute();
  }, answer => answer._events_received === 1);
}

(async () => {
  const proof = new Proof('meta');
  const state = await sandbox(control);
  const api = sdk.FacebookAdsApi.init('sandbox-token', 'en_US', false);
  const ad_account = new sdk.AdAccount(`act_${account(state, 'meta').id}`);
  const day = offset => new Date(Date.parse(state.today) + offset * 86400000).toISOString().slice(0, 10);
  await reads(proof, ad_account);
  await insights(proof, ad_account, day(-7), day(-1));
  const adset = await writes(proof, ad_account);
  await errors(proof);
  await batch(proof, api, ad_account, adset);
  await events(proof, state.now);
  await pause_takes_effect(proof, ad_account);
  proof.end();
})().catch(error => {
  console.log(`FAILED  meta: ${text(String(error.stack || error))}`);
  process.exitCode = 1;
});

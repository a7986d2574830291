// TikTok's own client, driven against the sandbox.
// usage: tiktok.mjs CONTROL_URL TIKTOK_URL
import { createHash } from 'node:crypto';
import * as sdk from 'tiktok-business-api-sdk-official/src/index.js';
import shared from './proof.cjs';

const { Proof, sandbox, account } = shared;
const [control, base] = process.argv.slice(2);
const token = 'sandbox-token';
sdk.ApiClient.instance.basePath = base;

// The client's methods take a callback last, and give it the envelope without code and message.
const call = (api, method, ...given) => new Promise((resolve, reject) => {
  api[method](...given, (error, data) => (error ? reject(error) : resolve(data.data)));
});

async function reads(proof, advertiser_id) {
  await proof.step('read an advertiser', () => call(new sdk.AccountManagementApi(), 'advertiserInfo', [advertiser_id], token, { fields: ['name', 'currency', 'timezone'] }),
    data => data.list[0].currency);
  for (const [what, api, method, id] of [['campaigns', new sdk.CampaignCreationApi(), 'campaignGet', 'campaign_id'],
    ['ad groups', new sdk.AdgroupApi(), 'adgroupGet', 'adgroup_id'], ['ads', new sdk.AdApi(), 'adGet', 'ad_id']]) {
    await proof.step(`list ${what}`, () => call(api, method, advertiser_id, token, { fields: [id, 'operation_status', 'secondary_status'], page: 1, page_size: 5 }),
      data => data.list.length > 0 && typeof data.list[0][id] === 'string');
  }
  await proof.step('list identities', () => call(new sdk.IdentityApi(), 'identityGet', advertiser_id, token, { identity_type: 'CUSTOMIZED_USER' }), data => data.identity_list.length > 0);
}

async function reports(proof, advertiser_id, start_date, end_date) {
  const opts = { advertiser_id, data_level: 'AUCTION_AD', dimensions: ['ad_id', 'stat_time_day'],
    metrics: ['spend', 'impressions', 'video_watched_2s', 'video_watched_6s', 'average_video_play', 'total_complete_payment_rate'], start_date, end_date };
  await proof.step('a report, page by page', async () => {
    const rows = [];
    for (let page = 1; ; page += 1) {
      const data = await call(new sdk.ReportingApi(), 'reportIntegratedGet', 'BASIC', token, { ...opts, page, page_size: 20 });
      rows.push(...data.list);
      if (page >= data.page_info.total_page) return rows;
    }
  }, rows => rows.length > 20 && rows.every(row => typeof row.metrics.spend === 'string'));
  await proof.step('a report of chosen campaigns', async () => {
    const campaigns = await call(new sdk.CampaignCreationApi(), 'campaignGet', advertiser_id, token, { fields: ['campaign_id'] });
    const ids = JSON.stringify([campaigns.list[0].campaign_id]);
    return call(new sdk.ReportingApi(), 'reportIntegratedGet', 'BASIC', token, { ...opts, page: 1, page_size: 10, filtering: [{ field_name: 'campaign_ids', filter_type: 'IN', filter_value: ids }] });
  }, data => data.list.length === 10);
  await proof.step('a report task goes through its states', async () => {
    const body = { advertiser_id, report_type: 'BASIC', data_level: 'AUCTION_AD', dimensions: ['ad_id'], metrics: ['spend'], start_date, end_date };
    const { task_id } = await call(new sdk.ReportingApi(), 'reportTaskCreate', token, { body });
    const states = [];
    for (let look = 0; look < 3; look += 1) states.push((await call(new sdk.ReportingApi(), 'reportTaskCheck', task_id, advertiser_id, token)).status);
    return states;
  }, states => states.join() === 'QUEUING,PROCESSING,SUCCESS');
}

async function writes(proof, advertiser_id) {
  const campaign = await proof.step('create a campaign', () => call(new sdk.CampaignCreationApi(), 'campaignCreate', token,
    { body: { advertiser_id, campaign_name: 'C', objective_type: 'WEB_CONVERSIONS', budget_mode: 'BUDGET_MODE_INFINITE', request_id: '1732150000000000001' } }), data => data.campaign_id);
  await proof.step('the same request_id makes no second one', () => call(new sdk.CampaignCreationApi(), 'campaignCreate', token,
    { body: { advertiser_id, campaign_name: 'C', objective_type: 'WEB_CONVERSIONS', budget_mode: 'BUDGET_MODE_INFINITE', request_id: '1732150000000000001' } }).then(() => 'made', error => String(error.message)),
  answer => answer !== 'made');
  const group = await proof.step('create an ad group', () => call(new sdk.AdgroupApi(), 'adgroupCreate', token,
    { body: { advertiser_id, campaign_id: campaign.campaign_id, adgroup_name: 'G', budget_mode: 'BUDGET_MODE_DAY', budget: 40, placement_type: 'PLACEMENT_TYPE_AUTOMATIC',
      location_ids: ['2635167'], optimization_goal: 'CONVERT', billing_event: 'OCPM', pacing: 'PACING_MODE_SMOOTH', operation_status: 'DISABLE' } }), data => data.adgroup_id);
  await proof.step('change its budget', () => call(new sdk.AdgroupApi(), 'adgroupUpdate', token, { body: { advertiser_id, adgroup_id: group.adgroup_id, budget: 25.5 } }), data => data.adgroup_id);
  await proof.step('read the budget back', () => call(new sdk.AdgroupApi(), 'adgroupGet', advertiser_id, token, { fields: ['adgroup_id', 'budget'], filtering: { adgroup_ids: [group.adgroup_id] } }), data => data.list[0].budget === 25.5);
  await proof.step('switch an ad group on', () => call(new sdk.AdgroupApi(), 'adgroupStatusUpdate', token, { body: { advertiser_id, adgroup_ids: [group.adgroup_id], operation_status: 'ENABLE' } }), data => data.status === 'ENABLE');
  const bytes = Buffer.from('not really a film, but bytes all the same');
  const uploaded = await proof.step('upload a video file with its sum', () => call(new sdk.FileApi(), 'adVideoUpload', token,
    { advertiser_id, file_name: 'a.mp4', upload_type: 'UPLOAD_BY_FILE', video_signature: createHash('md5').update(bytes).digest('hex'), video_file: bytes }), data => data[0] && data[0].video_id);
  await proof.step('upload a video by address', () => call(new sdk.FileApi(), 'adVideoUpload', token,
    { advertiser_id, file_name: 'b.mp4', upload_type: 'UPLOAD_BY_URL', video_url: 'http://127.0.0.1/x.mp4' }), data => data[0].video_id);
  await proof.step('read videos', () => call(new sdk.FileApi(), 'adVideoInfo', advertiser_id, [uploaded[0].video_id], token), data => data.list.length === 1);
  const ads = await proof.step('create an ad', () => call(new sdk.AdApi(), 'adCreate', token,
    { body: { advertiser_id, adgroup_id: group.adgroup_id, creatives: [{ ad_name: 'A', identity_type: 'CUSTOMIZED_USER', identity_id: '9', ad_format: 'SINGLE_VIDEO', video_id: uploaded[0].video_id,
      ad_text: 'Hi', call_to_action: 'SHOP_NOW', landing_page_url: 'https://example.com' }] } }), data => data.ad_ids.length === 1);
  await proof.step('pause the ad', () => call(new sdk.AdApi(), 'adStatusUpdate', token, { body: { advertiser_id, ad_ids: ads.ad_ids, operation_status: 'DISABLE' } }), data => data.status === 'DISABLE');
  await proof.step('pause a campaign', () => call(new sdk.CampaignCreationApi(), 'campaignStatusUpdate', token, { body: { advertiser_id, campaign_ids: [campaign.campaign_id], operation_status: 'DISABLE' } }), data => data.status === 'DISABLE');
}

const proof = new Proof('tiktok');
const state = await sandbox(control);
const advertiser_id = account(state, 'tiktok').id;
const day = offset => new Date(Date.parse(state.today) + offset * 86400000).toISOString().slice(0, 10);
await reads(proof, advertiser_id);
await reports(proof, advertiser_id, day(-7), day(-1));
await writes(proof, advertiser_id);
await proof.step('send a web event', () => call(new sdk.EventCallbackApi(), 'pixelTrack', token,
  { body: { pixel_code: 'PX', event: 'CompletePayment', event_id: 'e1', timestamp: state.now, context: { user: { email: 'h' }, ip: '203.0.113.5', user_agent: 'UA' }, properties: { currency: 'USD', value: 10 } } }));
await proof.step('an error is the client\'s own error', () => call(new sdk.AdApi(), 'adGet', '1', token, {}).then(() => null, error => error), error => error !== null);
proof.end();

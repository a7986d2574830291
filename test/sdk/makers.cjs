// Runway's, Luma's, ElevenLabs' and OpenAI's own clients against the sandbox's makers.
'use strict';

const { Proof } = require('./proof.cjs');

const KEY = 'sandbox-token';
// The makers answer on four ports in a row, Runway's first.
const first = new URL(process.argv[3]);
const at = offset => `http://${first.hostname}:${Number(first.port) + offset}`;

async function bytes(stream) {
  const parts = [];
  for await (const part of stream) parts.push(Buffer.from(part));
  return Buffer.concat(parts);
}

async function until(look, done) {
  for (let i = 0; i < 10; i += 1) {
    const value = await look();
    if (done(value)) return value;
  }
  throw new Error('it never ended');
}

async function refused(act, status) {
  try {
    await act();
  } catch (error) {
    const found = error.status ?? error.statusCode;
    if (found === status) return error;
    throw error;
  }
  throw new Error('it was taken');
}

async function runway() {
  const proof = new Proof('runway');
  const RunwayML = require('@runwayml/sdk').default;
  const client = new RunwayML({ apiKey: KEY, baseURL: at(0), maxRetries: 3 });
  const film = { model: 'gen4.5', promptText: 'a bottle', ratio: '720:1280', duration: 5, seed: 7 };
  const task = await proof.step('a film from words', () => client.textToVideo.create(film), t => t.id);
  await proof.step('a film from a picture', () => client.imageToVideo.create({
    model: 'gen4_turbo', promptImage: 'https://example.com/a.jpg', promptText: 'spin', ratio: '720:1280', duration: 5,
  }), t => t.id);
  const third = await proof.step('a third while two are under way', () => client.textToVideo.create(film));
  await proof.step('the third waits', () => client.tasks.retrieve(third.id), t => t.status === 'THROTTLED');
  const made = await proof.step('the task ends with an output', () => until(
    () => client.tasks.retrieve(task.id), t => t.status === 'SUCCEEDED'), t => t.output.length === 1);
  await proof.step('the output is there', async () => (await fetch(made.output[0])).arrayBuffer(),
    body => Buffer.from(body).includes('ftyp'));
  const unsafe = await client.textToVideo.create({ ...film, promptText: 'an unsafe thing' });
  await proof.step('an unsafe prompt fails and costs nothing', () => until(
    () => client.tasks.retrieve(unsafe.id), t => t.status === 'FAILED'),
  t => t.failureCode === 'SAFETY.INPUT.TEXT');
  await proof.step('the task is deleted', () => client.tasks.delete(task.id).then(() => true));
  await proof.step('and is no longer there', () => refused(() => client.tasks.retrieve(task.id), 404));
  await proof.step('the organization', () => client.organization.retrieve(), o => o.creditBalance === 1200);
  await proof.step('an upload', () => client.uploads.createEphemeral({
    file: new File([Buffer.from('abc')], 'a.png', { type: 'image/png' }),
  }), u => u.uri.startsWith('runway://'));
  proof.end();
}

async function luma() {
  const proof = new Proof('luma');
  const module = require('lumaai');
  const Luma = module.LumaAI || module.default;
  const client = new Luma({ authToken: KEY, baseURL: `${at(1)}/dream-machine/v1`, maxRetries: 3 });
  const made = await proof.step('a generation', () => client.generations.create({
    prompt: 'p', model: 'ray-2', aspect_ratio: '9:16', resolution: '720p', duration: '5s', loop: false,
    keyframes: { frame0: { type: 'image', url: 'https://example.com/a.jpg' } },
  }), g => g.state === 'queued');
  await proof.step('a generation by the other call', () => client.generations.video.create({ prompt: 'p', model: 'ray-flash-2' }));
  await proof.step('it is completed', () => until(() => client.generations.get(made.id), g => g.state === 'completed'),
    g => g.assets.video);
  const unsafe = await client.generations.create({ prompt: 'unsafe', model: 'ray-2' });
  await proof.step('an unsafe prompt fails with a reason', () => until(
    () => client.generations.get(unsafe.id), g => g.state === 'failed'), g => g.failure_reason);
  await proof.step('the list', () => client.generations.list({ limit: 2, offset: 0 }), l => l.generations.length === 2 && l.has_more);
  await proof.step('it is deleted', () => client.generations.delete(made.id).then(() => true));
  await proof.step('and is no longer there', () => refused(() => client.generations.get(made.id), 404));
  await proof.step('credits', () => client.credits.get(), c => c.credit_balance === 1234.5);
  proof.end();
}

async function elevenlabs() {
  const proof = new Proof('elevenlabs');
  const { ElevenLabsClient } = require('@elevenlabs/elevenlabs-js');
  const client = new ElevenLabsClient({ apiKey: KEY, baseUrl: at(2), maxRetries: 3 });
  const speech = {
    text: 'Hello', modelId: 'eleven_multilingual_v2', outputFormat: 'mp3_44100_128', seed: 3,
    voiceSettings: { stability: 0.5, similarityBoost: 0.75, style: 0, useSpeakerBoost: true, speed: 1 },
  };
  await proof.step('a text is read', async () => bytes(await client.textToSpeech.convert('v1', speech)),
    b => b.length > 1000 && b[0] === 0xff);
  await proof.step('a text is read as a stream', async () => bytes(await client.textToSpeech.stream('v1', speech)),
    b => b.length > 1000);
  await proof.step('samples are as long as asked for', async () => bytes(await client.textToSpeech.convert('v1', {
    ...speech, outputFormat: 'pcm_16000' })), b => b.length === 2 * 0.065 * 5 * 16000);
  await proof.step('when each letter is read', () => client.textToSpeech.convertWithTimestamps('v1', {
    text: 'Hi', modelId: 'eleven_multilingual_v2' }),
  t => t.alignment.characters.join('') === 'Hi' && Buffer.from(t.audioBase64, 'base64').length > 400);
  await proof.step('a voice that is not there', () => refused(() => client.textToSpeech.convert('nobody', speech), 404));
  await proof.step('voices are searched', () => client.voices.search({ pageSize: 10 }), v => v.voices.length === 2);
  await proof.step('all voices', () => client.voices.getAll(), v => v.voices.length === 2);
  await proof.step('models', () => client.models.list(), m => m.length === 4);
  const voice = await proof.step('a voice is added', () => client.voices.ivc.create({
    name: 'Brand', files: [new File([Buffer.from('RIFFxxxx')], 's.wav', { type: 'audio/wav' })], description: 'd',
    labels: JSON.stringify({ accent: 'us' }) }), v => v.voiceId);
  await proof.step('and reads', async () => bytes(await client.textToSpeech.convert(voice.voiceId, speech)), b => b.length > 1000);
  await proof.step('the subscription', () => client.user.subscription.get(), s => s.characterCount > 0);
  proof.end();
}

async function chat() {
  const proof = new Proof('chat');
  const OpenAI = require('openai').default;
  const client = new OpenAI({ apiKey: KEY, baseURL: `${at(3)}/v1`, maxRetries: 3 });
  const schema = {
    type: 'object', additionalProperties: false, required: ['hook', 'seconds', 'tone'],
    properties: { hook: { type: 'string' }, seconds: { type: 'integer' }, tone: { enum: ['calm', 'loud'] } },
  };
  const ask = format => client.chat.completions.create({
    model: 'm', temperature: 0, seed: 1, max_completion_tokens: 200,
    messages: [{ role: 'system', content: 's' }, { role: 'user', content: 'u' }],
    response_format: { type: 'json_schema', json_schema: { name: 'plan', strict: true, schema: format } },
  });
  await proof.step('an answer by a schema', () => ask(schema),
    c => ['hook', 'seconds', 'tone'].every(name => name in JSON.parse(c.choices[0].message.content)));
  await proof.step('an answer as a stream', async () => {
    const stream = await client.chat.completions.create({
      model: 'm', messages: [{ role: 'user', content: 'u' }], stream: true, stream_options: { include_usage: true } });
    let text = '';
    let usage = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta?.content || '';
      usage = chunk.usage || usage;
    }
    return { text, usage };
  }, s => s.text.length > 10 && s.usage.total_tokens > 0);
  await proof.step('models', () => client.models.list(), m => m.data.length === 1);
  proof.end();
}

(async () => {
  let failed = 0;
  for (const part of [runway, luma, elevenlabs, chat]) {
    await part();
    failed += process.exitCode || 0;
  }
  process.exitCode = failed ? 1 : 0;
})().catch(error => {
  console.error(error);
  process.exit(1);
});

// openai-node: AssistantStream with its events, plain iteration, and polling.

import OpenAI from 'openai';

const QUESTIONS = ['What is the weather and the time in Oslo?', 'And the weather in Bergen?', 'Thank you.'];
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const functions = {
  get_weather: ({ city }) => `${7 * city.length} degrees`,
  get_time: ({ city }) => `${city.length} o'clock`,
};
const tools = Object.keys(functions).map((name) => ({
  type: 'function',
  function: { name, description: name, parameters },
}));

const client = new OpenAI();
const { threads } = client.beta;

const outputs = (run) =>
  run.required_action.submit_tool_outputs.tool_calls.map((call) => ({
    tool_call_id: call.id,
    output: functions[call.function.name](JSON.parse(call.function.arguments)),
  }));

async function assistantStream(assistant_id, thread_id) {
  let said = '';
  let created = 0;
  const listen = (stream) =>
    stream
      .on('toolCallCreated', () => (created += 1))
      .on('textDelta', (delta) => (said += delta.value ?? ''));
  let run = await listen(threads.runs.stream(thread_id, { assistant_id })).finalRun();
  while (run.status === 'requires_action') {
    if (created !== run.required_action.submit_tool_outputs.tool_calls.length) throw new Error(`${created} calls`);
    const stream = listen(threads.runs.submitToolOutputsStream(thread_id, run.id, { tool_outputs: outputs(run) }));
    run = await stream.finalRun();
    const [message] = await stream.finalMessages();
    if (message.content[0].text.value !== said) throw new Error('the final message is not what its deltas said');
  }
  return said;
}

async function iteration(assistant_id, thread_id) {
  let said = '';
  let events = await threads.runs.create(thread_id, { assistant_id, stream: true });
  while (events) {
    const todo = events;
    events = null;
    for await (const { event, data } of todo) {
      if (event === 'thread.message.delta') said += data.delta.content[0].text.value;
      if (event === 'thread.run.requires_action')
        events = await threads.runs.submitToolOutputs(thread_id, data.id, {
          tool_outputs: outputs(data),
          stream: true,
        });
    }
  }
  return said;
}

async function polling(assistant_id, thread_id) {
  const pace = { pollIntervalMs: 20 };
  let run = await threads.runs.createAndPoll(thread_id, { assistant_id }, pace);
  while (run.status === 'requires_action')
    run = await threads.runs.submitToolOutputsAndPoll(thread_id, run.id, { tool_outputs: outputs(run) }, pace);
  const page = await threads.messages.list(thread_id, { limit: 1 });
  return page.data[0].content[0].text.value;
}

const ask = { AssistantStream: assistantStream, 'stream: true': iteration, polling }[process.argv[2]];
const assistant = await client.beta.assistants.create({ model: 'gpt-4o', instructions: 'Be brief.', tools });
const thread = await threads.create();
const said = [];
for (const content of QUESTIONS) {
  await threads.messages.create(thread.id, { role: 'user', content });
  said.push(await ask(assistant.id, thread.id));
}
console.log(JSON.stringify(said));

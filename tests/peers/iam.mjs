// Reads a case a line: {"kind", "document"} to validate, {"simulation"} to decide; answers {"problems"} or {"result"}.
import { createInterface } from 'node:readline';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
const load = createRequire(process.cwd() + '/');
const policy = await import(pathToFileURL(load.resolve('@cloud-copilot/iam-policy').replace('/cjs/', '/esm/')));
// The engine itself: its front door fails on resource policies without validation, and with it drops keys that it does not know.
const inside = (path) => import(pathToFileURL(load.resolve('@cloud-copilot/iam-simulate').replace('/cjs/', '/esm/').replace('index.js', path)));
const { authorize } = await inside('core_engine/CoreSimulatorEngine.js');
const { AwsRequestImpl } = await inside('request/request.js');
const { RequestContextImpl } = await inside('requestContext.js');
const { DiscoveryContextKeyConstraints } = await inside('context_keys/discoveryContextKeyConstraints.js');
const simulate = (s) => authorize({
  request: new AwsRequestImpl(s.request.principal, s.request.resource, s.request.action, new RequestContextImpl(s.request.contextVariables), false),
  identityPolicies: s.identityPolicies.map((p) => policy.loadPolicy(p.policy, { name: p.name })),
  resourcePolicy: s.resourcePolicy && policy.loadPolicy(s.resourcePolicy, { name: 'own' }),
  permissionBoundaries: s.permissionBoundaryPolicies?.map((p) => policy.loadPolicy(p.policy, { name: p.name })),
  serviceControlPolicies: [], resourceControlPolicies: [],
  simulationParameters: { simulationMode: 'Strict', discoveryContextKeyConstraints: new DiscoveryContextKeyConstraints([]) },
  serviceSettings: {},
}).result;
const validators = {
  identity: policy.validateIdentityPolicy, trust: policy.validateTrustPolicy,
  resource: policy.validateResourcePolicy, endpoint: policy.validateEndpointPolicy,
};
for await (const line of createInterface({ input: process.stdin })) {
  const c = JSON.parse(line);
  let answer;
  try {
    if (c.simulation) answer = { result: simulate(c.simulation) };
    else answer = { problems: validators[c.kind](JSON.parse(c.document)).map((e) => `${e.path}: ${e.message}`) };
  } catch (e) {
    answer = { failed: String(e.stack).slice(0, 400) };
  }
  console.log(JSON.stringify(answer));
}

// An app that signs people in by openid-client, as it comes from npm, and the browser of the person. Prints what came of it.
const [modules, base, client_id, secret, email, password, robot_id, robot_secret] = process.argv.slice(2);
const { createRequire } = await import("node:module");
const { pathToFileURL } = await import("node:url");
const client = await import(pathToFileURL(createRequire(modules + "/").resolve("openid-client")));
const BACK = "http://localhost:9/back", HOME = "http://localhost:9/home";
const cookies = new Map();
async function send(url, form) {
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") };
  const body = form && new URLSearchParams(form);
  const answer = await fetch(url, { method: form ? "POST" : "GET", redirect: "manual", headers, body });
  for (const line of answer.headers.getSetCookie()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/max-age=0/i.test(line)) cookies.delete(name); else cookies.set(name, value);
  }
  return { url, location: answer.headers.get("location"), text: await answer.text() };
}
const hidden = (page) => Object.fromEntries([...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map((m) => [m[1], m[2]]));
async function walk(url) {
  let page = await send(url);
  if (page.text.includes('name="password"')) page = await send(url, { ...hidden(page), email, password });
  if (page.text.includes('name="decision"')) page = await send(url, { ...hidden(page), decision: "allow" });
  return new URL(page.location);
}
const insecure = { execute: [client.allowInsecureRequests] };
const config = await client.discovery(new URL(base), client_id, secret, client.ClientSecretBasic(secret), insecure);
const results = {};
async function signIn(more = {}) {
  const verifier = client.randomPKCECodeVerifier(), nonce = client.randomNonce(), state = client.randomState();
  const code_challenge = await client.calculatePKCECodeChallenge(verifier);
  const asked = { redirect_uri: BACK, scope: "openid email offline_access", code_challenge, code_challenge_method: "S256", state, nonce, ...more };
  const back = await walk(client.buildAuthorizationUrl(config, asked).href);
  const checks = { pkceCodeVerifier: verifier, expectedNonce: nonce, expectedState: state, idTokenExpected: true };
  if (more.max_age) checks.maxAge = Number(more.max_age);
  return [await client.authorizationCodeGrant(config, back, checks), back, checks];
}
const [given, back, checks] = await signIn();
const claims = given.claims();
results.subject = claims.sub;
results.userinfo = await client.fetchUserInfo(config, given.access_token, claims.sub);
const [silent] = await signIn({ prompt: "none", max_age: "600" });
results.silent = silent.claims().sub;
const next = await client.refreshTokenGrant(config, given.refresh_token);
results.rotated = next.refresh_token !== given.refresh_token;
results.active = (await client.tokenIntrospection(config, next.access_token)).active;
await client.tokenRevocation(config, next.access_token);
results.revoked = (await client.tokenIntrospection(config, next.access_token)).active;
results.again = await client.authorizationCodeGrant(config, back, checks).then(() => "accepted", (error) => error.error);
const robot = await client.discovery(new URL(base), robot_id, robot_secret, client.ClientSecretPost(robot_secret), insecure);
results.credentials = (await client.clientCredentialsGrant(robot, { scope: "account.read" })).scope;
const out = client.buildEndSessionUrl(config, { post_logout_redirect_uri: HOME, id_token_hint: silent.id_token, state: "over" });
results.out = (await send(out.href)).location;
results.after = await signIn({ prompt: "none" }).then(() => "signed in", (error) => error.error);
console.log(JSON.stringify(results));

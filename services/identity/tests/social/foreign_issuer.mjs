// An issuer that is not ours: `node foreign_issuer.mjs <node_modules> <port> <callback>`.
const [modules, port, callback] = process.argv.slice(2);
const { default: Provider } = await import(`${modules}/oidc-provider/lib/index.js`);
const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: "estuary",
      client_secret: "a-secret-of-more-than-thirty-two-characters",
      redirect_uris: [callback],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["given_name", "family_name"] },
  conformIdTokenClaims: process.env.IN_USERINFO === "1",
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.test`, email_verified: true, given_name: "Ada", family_name: "L" }),
  }),
  features: { devInteractions: { enabled: true } },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));

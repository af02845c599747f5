// An issuer of tokens for tests: `node issuer.mjs PORT SECRET`. A client is called by its roles, with `_` for `:` and `+`
// between several, such as `viewer` or `store_<id>`; `nobody` has none. POST /rotate puts a new key in place of the one that signs.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import Provider from "oidc-provider";

const [port, secret] = [Number(process.argv[2]), process.argv[3]];
const issuer = `http://127.0.0.1:${port}`;
const names = ["admin", "operator", "viewer", "store_11111111-1111-1111-1111-111111111111", "nobody"];

function rolesOf(client) {
  return client === "nobody" ? [] : client.split("+").map((role) => role.replace("_", ":"));
}

function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), alg: "RS256", use: "sig" };
}

function provider() {
  return new Provider(issuer, {
    jwks: { keys: [key()] },
    clients: names.map((name) => ({
      client_id: name,
      client_secret: secret,
      token_endpoint_auth_method: "client_secret_post",
      redirect_uris: [],
      response_types: [],
      grant_types: ["client_credentials"],
    })),
    extraTokenClaims: (context, token) => ({ roles: rolesOf(token.clientId) }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => "urn:gondola",
        useGrantedResource: () => true,
        getResourceServerInfo: (context, resource) => ({
          scope: "",
          // whom a token is for is what the client asks for
          audience: resource.replace(/^urn:/, ""),
          accessTokenTTL: 300,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "RS256" } },
        }),
      },
    },
  });
}

let answer = provider().callback();
const server = createServer((request, response) => {
  if (request.method === "POST" && request.url === "/rotate") {
    answer = provider().callback();
    response.writeHead(204).end();
  } else {
    answer(request, response);
  }
});
server.listen(port, "127.0.0.1", () => console.log(`issues tokens as ${issuer}`));
process.on("SIGTERM", () => process.exit(0));

// A reader for the OpenAPI document of this install. Everything is built as DOM nodes: no text is ever read as HTML.

const METHODS = ["get", "post", "put", "patch", "delete"];
const TOKEN = "estuary-token";
const DEEPEST = 6;
let api = {};

/** An element with attributes (on... are listeners) and children; null children are left out. */
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value === true) node.setAttribute(key, "");
    else if (value !== false && value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return node;
}

/** A text in which `...` is shown as code. */
const prose = (text) => text.split("`").map((part, index) => (index % 2 ? el("code", {}, part) : part));

// --- schemas ---

const nameOf = (schema) => schema?.$ref?.split("/").pop();

function resolve(schema) {
  return schema?.$ref ? { ...api.components.schemas[nameOf(schema)], ...omit(schema, "$ref") } : schema ?? {};
}

function omit(object, key) {
  const { [key]: _, ...rest } = object;
  return rest;
}

const choicesOf = (schema) => schema.anyOf ?? schema.oneOf ?? schema.allOf;

function typeOf(schema) {
  if (!schema) return "any";
  if (schema.$ref) return nameOf(schema);
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = choicesOf(schema);
  if (choices) return choices.map(typeOf).join(schema.allOf ? " & " : " | ");
  if (schema.type === "array") return `${typeOf(schema.items)}[]`;
  const type = [schema.type ?? "any"].flat().join(" | ");
  return schema.format ? `${type} (${schema.format})` : type;
}

function boundsOf(schema) {
  const marks = {
    minimum: "≥ ", exclusiveMinimum: "> ", maximum: "≤ ", exclusiveMaximum: "< ", minLength: "length ≥ ",
    maxLength: "length ≤ ", minItems: "items ≥ ", maxItems: "items ≤ ", pattern: "pattern ",
  };
  const bounds = Object.entries(marks).filter(([key]) => schema[key] !== undefined).map(([key, mark]) => mark + schema[key]);
  if (schema.default !== undefined && schema.default !== null) bounds.push(`default ${JSON.stringify(schema.default)}`);
  return bounds.join(", ");
}

/** The schemas inside one: of an array's items, of each choice. Only those that have fields to show. */
function insides(schema) {
  const whole = resolve(schema);
  if (whole.properties || typeof whole.additionalProperties === "object") return [whole];
  if (whole.type === "array") return insides(whole.items);
  return (choicesOf(whole) ?? []).flatMap(insides);
}

function fields(schema, depth = 0) {
  if (depth > DEEPEST) return null;
  return insides(schema).map((inner) =>
    el("ul", { class: "schema" },
      Object.entries(inner.properties ?? {}).map(([name, property]) =>
        field(name, property, (inner.required ?? []).includes(name), depth)),
      typeof inner.additionalProperties === "object" && field("…", inner.additionalProperties, false, depth)));
}

function field(name, schema, required, depth) {
  const whole = resolve(schema);
  const choices = schema.$ref && whole.enum ? typeOf(whole) : "";
  const notes = [choices, whole.description, boundsOf(whole)].filter(Boolean).join(" · ");
  return el("li", {},
    el("code", { class: required ? "required" : null }, name), " ",
    el("span", { class: "type" }, typeOf(schema)),
    notes && el("span", { class: "quiet" }, ` ${notes}`),
    fields(schema, depth + 1));
}

function exampleOf(schema, depth = 0) {
  const whole = resolve(schema);
  if (depth > DEEPEST) return null;
  if (whole.example !== undefined) return whole.example;
  if (whole.examples?.length) return whole.examples[0];
  if (whole.default !== undefined && whole.default !== null) return whole.default;
  if (whole.const !== undefined) return whole.const;
  if (whole.enum) return whole.enum[0];
  if (whole.allOf) return Object.assign({}, ...whole.allOf.map((part) => exampleOf(part, depth + 1)));
  const choice = choicesOf(whole)?.find((option) => resolve(option).type !== "null");
  if (choice) return exampleOf(choice, depth + 1);
  if (whole.properties) return exampleObject(whole, depth);
  return exampleValue(whole, depth);
}

function exampleObject(schema, depth) {
  const wanted = Object.entries(schema.properties).filter(([name]) => (schema.required ?? []).includes(name));
  return Object.fromEntries(wanted.map(([name, property]) => [name, exampleOf(property, depth + 1)]));
}

function exampleValue(schema, depth) {
  const formats = {
    "date-time": new Date(Date.now() + 864e5).toISOString().slice(0, 13) + ":00:00Z",
    date: new Date(Date.now() + 864e5).toISOString().slice(0, 10),
    uuid: "00000000-0000-7000-8000-000000000000", email: "client@estuary.example",
  };
  switch ([schema.type].flat()[0]) {
    case "string": return formats[schema.format] ?? "";
    case "integer": case "number": return schema.minimum ?? 0;
    case "boolean": return false;
    case "array": return [exampleOf(schema.items, depth + 1)];
    default: return {};
  }
}

// --- one operation ---

const jsonOf = (holder) => Object.values(holder?.content ?? {})[0]?.schema;

function parametersOf(path, operation) {
  return [...(api.paths[path].parameters ?? []), ...(operation.parameters ?? [])].map(resolve);
}

function parameters(list) {
  if (!list.length) return null;
  return [el("h3", {}, "Parameters"), el("ul", { class: "schema" },
    list.map((parameter) => el("li", {},
      el("code", { class: parameter.required ? "required" : null }, parameter.name), " ",
      el("span", { class: "type" }, `${parameter.in} · ${typeOf(parameter.schema)}`),
      el("span", { class: "quiet" },
        " " + [parameter.description, boundsOf(resolve(parameter.schema))].filter(Boolean).join(" · ")))))];
}

function answers(operation) {
  const sorted = Object.entries(operation.responses ?? {}).sort(([one], [other]) => one.localeCompare(other));
  return [el("h3", {}, "Answers"), sorted.map(([status, answer]) => {
    const schema = jsonOf(answer);
    return el("details", { class: "answer", open: status.startsWith("2") },
      el("summary", {}, el("span", { class: "status" }, status), " ", el("span", { class: "quiet" }, answer.description),
        schema && el("span", { class: "type" }, ` ${typeOf(schema)}`)),
      schema && el("div", {}, fields(schema)));
  })];
}

function tryIt(method, path, operation) {
  const given = parametersOf(path, operation).filter((parameter) => parameter.in !== "cookie");
  const names = new Set(given.map((parameter) => parameter.name.toLowerCase()));
  const extra = method !== "post" ? [] : ["Idempotency-Key", "X-Confirm-Action"].filter((name) => !names.has(name.toLowerCase()));
  const inputs = [...given, ...extra.map((name) => ({ name, in: "header", schema: {} }))].map((parameter) => ({
    parameter, input: el("input", { "aria-label": parameter.name, placeholder: typeOf(parameter.schema) }),
  }));
  const schema = jsonOf(operation.requestBody);
  const body = schema && el("textarea", { spellcheck: "false", "aria-label": "Body" });
  if (body) body.value = JSON.stringify(exampleOf(schema), null, 2);
  const result = el("div", { "aria-live": "polite" });
  const send = async (event) => {
    event.preventDefault();
    result.replaceChildren(el("p", { class: "quiet" }, "Sending…"));
    result.replaceChildren(...(await call(method, path, inputs, body)));
  };
  return [el("h3", {}, "Try it"), el("form", { class: "stacked", onsubmit: send },
    el("div", { class: "fields" }, inputs.map(({ parameter, input }) => [
      el("label", { class: parameter.required ? "required" : null }, parameter.name), input])),
    body, el("p", {}, el("button", {}, `Send ${method.toUpperCase()}`)), result)];
}

async function call(method, path, inputs, body) {
  const filled = inputs.filter(({ input }) => input.value !== "");
  const of = (place) => filled.filter(({ parameter }) => parameter.in === place).map(({ parameter, input }) => [parameter.name, input.value]);
  const target = of("path").reduce((url, [name, value]) => url.replace(`{${name}}`, encodeURIComponent(value)), path);
  const query = new URLSearchParams(of("query")).toString();
  const headers = new Headers(of("header"));
  if (token()) headers.set("Authorization", `Bearer ${token()}`);
  if (body?.value.trim()) headers.set("Content-Type", "application/json");
  const began = performance.now();
  try {
    const answer = await fetch(query ? `${target}?${query}` : target, { method: method.toUpperCase(), headers, body: body?.value.trim() || undefined });
    const text = await answer.text();
    const took = Math.round(performance.now() - began);
    return [el("p", {}, el("span", { class: answer.ok ? "status post" : "status delete" }, String(answer.status)),
      el("span", { class: "quiet" }, ` in ${took} ms · request ${answer.headers.get("x-request-id") ?? "?"}`)),
      text && el("pre", {}, pretty(text))].filter(Boolean);
  } catch (error) {
    return [el("p", { class: "error" }, String(error))];
  }
}

function pretty(text) {
  try { return JSON.stringify(JSON.parse(text), null, 2); } catch { return text; }
}

function fill(card, method, path, operation) {
  if (card.children.length > 1) return;
  const schema = jsonOf(operation.requestBody);
  card.append(el("div", { class: "body" },
    operation.description && el("p", { class: "intro" }, prose(operation.description)),
    (operation.security ?? []).every((need) => Object.keys(need).length) && operation.security?.length
      ? el("p", { class: "quiet" }, "Needs an access token.") : null,
    el("div", { class: "columns" },
      el("div", {}, parameters(parametersOf(path, operation)), schema && [el("h3", {}, "Body"), fields(schema)], answers(operation)),
      el("div", {}, tryIt(method, path, operation)))));
}

// --- the page ---

const idOf = (method, path) => `${method}-${path.replace(/[^a-z0-9]+/gi, "-")}`;

function operationsByTag() {
  const groups = new Map(api.tags.map((tag) => [tag.name, []]));
  for (const [path, item] of Object.entries(api.paths)) {
    for (const method of METHODS.filter((name) => item[name])) {
      const operation = item[method];
      groups.get(operation.tags[0]).push({ method, path, operation, text: `${method} ${path} ${operation.summary ?? ""}`.toLowerCase() });
    }
  }
  return [...groups].filter(([, list]) => list.length);
}

function card({ method, path, operation, text }) {
  const node = el("details", { class: "operation", id: idOf(method, path), "data-text": text },
    el("summary", {}, el("span", { class: `method ${method}` }, method), el("span", { class: "path" }, path),
      el("span", { class: "quiet" }, operation.summary ?? "")));
  node.addEventListener("toggle", () => node.open && fill(node, method, path, operation));
  return node;
}

function link({ method, path, text }) {
  return el("a", { href: `#${idOf(method, path)}`, "data-text": text, title: path },
    el("span", { class: `method ${method}` }, method === "delete" ? "del" : method), el("span", {}, path.replace("/api/v1", "").replace(/\{[^}]+\}/g, "{…}")));
}

function show() {
  const groups = operationsByTag();
  document.getElementById("operations").replaceChildren(
    el("p", { class: "intro" }, prose(api.info.description)),
    ...groups.map(([tag, list]) => el("section", {}, el("h2", {}, tag), list.map(card))));
  document.getElementById("contents").replaceChildren(
    ...groups.map(([tag, list]) => el("section", {}, el("h2", {}, tag), list.map(link))));
  openLinked();
}

function openLinked() {
  const linked = document.getElementById(location.hash.slice(1));
  if (!linked?.matches("details")) return;
  linked.open = true;
  linked.scrollIntoView();
}

function search(words) {
  for (const node of document.querySelectorAll("[data-text]")) {
    node.hidden = !words.every((word) => node.dataset.text.includes(word));
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("[data-text]:not([hidden])");
  }
}

// --- signing in ---

const token = () => sessionStorage.getItem(TOKEN);

function showWho(text = token() ? "Signed in" : "") {
  document.getElementById("sign-in").hidden = Boolean(token());
  document.getElementById("signed-in").hidden = !token();
  document.getElementById("who").textContent = text;
}

async function signIn(event) {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch("/api/v1/auth/login/", {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  const content = await answer.json();
  if (!answer.ok) { alert(content.detail); return; }
  sessionStorage.setItem(TOKEN, content.access_token);
  form.reset();
  showWho(content.user.email);
}

document.getElementById("sign-in").addEventListener("submit", signIn);
document.getElementById("signed-in").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.removeItem(TOKEN);
  showWho();
});
document.getElementById("search").addEventListener("input", (event) => search(event.target.value.toLowerCase().split(/\s+/)));
addEventListener("hashchange", openLinked);
showWho();

try {
  const answer = await fetch("/openapi.json");
  if (!answer.ok) throw new Error(`The document answered ${answer.status}.`);
  api = await answer.json();
  show();
} catch (error) {
  document.getElementById("operations").replaceChildren(el("p", { class: "error" }, String(error)));
}

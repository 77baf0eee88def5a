"use strict";
const button = document.getElementById("passkey");
const refused = document.getElementById("passkey-refused");

async function prove() {
  const { form } = button;
  const given = form.elements.ticket ? { ticket: form.elements.ticket.value } : {};
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(button.dataset.options, { method: "POST", headers, body: JSON.stringify(given) });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { ticket, options } = await answer.json();
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  const credential = await navigator.credentials.get({ publicKey });
  form.elements.step.value = button.dataset.step;
  if (!form.elements.ticket) add(form, "ticket", ticket);
  add(form, "credential", JSON.stringify(credential.toJSON()));
  form.submit();
}

function add(form, name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
}

if (button && window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  button.hidden = false;
  button.addEventListener("click", () => {
    refused.hidden = true;
    prove().catch(() => (refused.hidden = false));
  });
}

// Small comforts of the counter's screens. Without this file everything works through plain forms and links.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const hint of document.querySelectorAll(".script-only")) hint.hidden = false;

  // A second press while the first is on its way would call a second citizen or print a second number.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // What comes instead of the list, such as the page of signing in, is shown as a whole and not in its place.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.responseText.includes('id="list"')) return;
    event.detail.shouldSwap = false;
    window.location.reload();
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const hint of document.querySelectorAll(".script-only")) hint.hidden = false;
  });
})();

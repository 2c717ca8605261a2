// Small comforts of the chat. Without this file, and without any script, everything works through plain forms.
"use strict";

(() => {
  const form = document.getElementById("ask");
  const box = document.getElementById("text");
  const offline = document.getElementById("offline");
  const transcript = document.getElementById("transcript");
  if (!form || !box || !transcript) return;

  let sent = "";
  const byTouch = () => window.matchMedia("(pointer: coarse)").matches;

  // Enter sends, except on touch screens and while a Vietnamese input method is still composing.
  box.addEventListener("keydown", (event) => {
    const composing = event.isComposing || event.keyCode === 229;
    if (event.key !== "Enter" || event.shiftKey || composing || byTouch()) return;
    event.preventDefault();
    if (box.value.trim()) form.requestSubmit();
  });

  form.addEventListener("htmx:beforeRequest", () => {
    sent = box.value;
    offline.hidden = true;
    form.setAttribute("aria-busy", "true");
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    form.removeAttribute("aria-busy");
    const welcome = document.querySelector(".welcome");
    if (!event.detail.successful) return;
    if (box.value === sent) box.value = "";
    if (welcome) welcome.remove();
    if (document.activeElement === document.body && !byTouch()) box.focus({ preventScroll: true });
    const newest = transcript.lastElementChild;
    if (newest) newest.scrollIntoView({ block: "start" });
  });

  form.addEventListener("htmx:sendError", () => {
    offline.textContent = offline.dataset.text;
    offline.hidden = false;
  });
})();

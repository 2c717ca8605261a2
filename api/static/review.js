// Keys and live news of the list of cases. Without this file everything works through plain forms and links.
"use strict";

(() => {
  const EVERY = 1500;
  const TIRED = 30 * 60 * 1000; // a list that nobody looks at must not keep its officer signed in for ever
  const list = () => document.getElementById("list");
  const rows = () => [...document.querySelectorAll(".case__open")];
  const typing = (element) => element.matches("input:not([type=checkbox]), textarea, select");

  function move(by) {
    const links = rows();
    const now = links.findIndex((link) => link.closest(".case").contains(document.activeElement));
    const next = links[Math.min(Math.max(now + by, 0), links.length - 1)];
    if (next) next.focus();
  }

  function tick() {
    const row = document.activeElement.closest(".case");
    const box = row && row.querySelector(".case__tick input");
    if (box) box.checked = !box.checked;
  }

  const keys = {
    j: () => move(1),
    k: () => move(-1),
    x: tick,
    "/": () => {
      document.querySelector(".filters").open = true;
      document.getElementById("f-tim").focus();
    },
    "?": () => {
      const help = document.getElementById("keys");
      help.open = !help.open;
      if (help.open) help.querySelector("summary").focus();
    },
  };

  if (list()) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape" && typing(event.target)) event.target.blur();
      if (typing(event.target) || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key]();
    });
    watch();
  }

  // A second press while the first is on its way would do a step twice.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  function watch() {
    let active = Date.now();
    for (const sign of ["keydown", "pointerdown", "scroll"]) {
      document.addEventListener(sign, () => (active = Date.now()), { passive: true });
    }
    let known = null;
    const look = async () => {
      if (!document.hidden && Date.now() - active < TIRED) {
        try {
          const answer = await fetch("/can-bo/hoi-dap/nhip");
          if (answer.redirected || answer.status === 403) return window.location.reload();
          const text = await answer.text();
          const fresh = answer.ok && known !== null && text !== known;
          const opened = answer.ok && String(JSON.parse(text).last) !== list().dataset.last;
          if (fresh || (known === null && opened)) await renew(opened);
          if (answer.ok) known = text;
        } catch {
          // the network is away: the next look will tell
        }
      }
      setTimeout(look, EVERY);
    };
    look();
  }

  async function renew(opened) {
    const news = document.getElementById("news");
    const ticked = document.querySelector(".case__tick input:checked");
    if (!ticked) {
      const page = new DOMParser().parseFromString(await (await fetch(window.location.href)).text(), "text/html");
      const focused = document.activeElement.closest(".case__open");
      for (const id of ["list", "counts"]) {
        const part = page.getElementById(id);
        if (part) document.getElementById(id).replaceWith(part);
      }
      if (focused) rows().find((link) => link.href === focused.href)?.focus();
    }
    if (!opened) return;
    news.hidden = false;
    news.textContent = ticked ? news.dataset.waiting : news.dataset.shown;
  }
})();

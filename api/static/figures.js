// Live counts and printing. Without this file the pages show the numbers of the moment they were opened.
"use strict";

(() => {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const board = document.querySelector("[data-live]");
  if (!board || !("EventSource" in window)) return;
  const grouped = (number) => number.toLocaleString("vi-VN");

  const show = (event) => {
    const now = JSON.parse(event.data);
    for (const place of board.querySelectorAll("[data-now]")) {
      const value = now[place.dataset.now];
      const text = typeof value === "number" ? grouped(value) : place.textContent.replace(/\d\d:\d\d/, value);
      if (place.textContent === text) continue;
      place.textContent = text;
      if (place.dataset.now === "at") continue;
      place.classList.add("just-changed");
      setTimeout(() => place.classList.remove("just-changed"), 2000);
    }
  };

  // A page that nobody sees holds no connection.
  let source = null;
  const follow = () => {
    if (document.hidden && source) {
      source.close();
      source = null;
    } else if (!document.hidden && !source) {
      source = new EventSource(board.dataset.live);
      source.addEventListener("now", show);
    }
  };
  document.addEventListener("visibilitychange", follow);
  window.addEventListener("pagehide", () => source && source.close());
  follow();
})();

// The ticket's print button. Without this file it is not shown, and the browser's own menu prints.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

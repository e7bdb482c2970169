// Improves what works without it: brings the cited words into view beside the answer, and says that work goes on.
"use strict";

const source = document.getElementById("passage");
const cited = document.getElementById("cited");
if (source && cited && source.contains(cited)) {
  const box = source.getBoundingClientRect();
  const words = cited.getBoundingClientRect();
  source.scrollTop += words.top - box.top - box.height / 3;
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    if (button) button.setAttribute("aria-busy", "true");
  });
}
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

addEventListener("keydown", (event) => {
  const writing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "");
  if (event.key !== "/" || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("main input[type=search]");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
});

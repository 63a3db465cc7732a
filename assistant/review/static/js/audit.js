// Coding an audit's sample: filter the codes by typing.
const filter = document.getElementById("filter");
filter?.addEventListener("input", () => {
  const typed = filter.value.trim().toLowerCase();
  for (const one of document.querySelectorAll(".pick")) {
    one.hidden = !one.textContent.toLowerCase().includes(typed) && !one.querySelector("input").checked;
  }
});
filter?.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault();
  const first = [...document.querySelectorAll(".pick:not([hidden]) input:not(:checked)")][0];
  if (first) first.checked = true;
  filter.value = "";
  filter.dispatchEvent(new Event("input"));
});
filter?.focus();

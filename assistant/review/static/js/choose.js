// Choosing many transcripts at once.
// What may be given to no model cannot be chosen.
const boxes = () => [...document.querySelectorAll("#choose input[type=checkbox]:not([disabled])")];
for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", () => {
    const wanted = button.dataset.choose;
    for (const box of boxes()) {
      box.checked = wanted === "all" || (wanted === "coded" && "coded" in box.dataset);
    }
  });
}

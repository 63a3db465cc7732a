// A form that changes something is sent once. A second click or key while the answer is under way would
// do it twice, or be refused as if somebody else had done it meanwhile. Loaded before the page is drawn,
// so that it holds before the page's own script is there.
(() => {
  const page = document.documentElement;
  const free = () => delete page.dataset.sending;
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.target.getAttribute("method") !== "post") return;
    if (page.dataset.sending) return event.preventDefault();
    page.dataset.sending = "yes";
    // Where a browser does not tell that its own button stopped it, one can try again after a while.
    setTimeout(free, 60_000);
  });
  globalThis.navigation?.addEventListener("navigateerror", free);
  addEventListener("pageshow", free); // come back to without being loaded anew
})();

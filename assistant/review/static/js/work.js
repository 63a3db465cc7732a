// A job under way is watched by the attributes on #work; only silence has to be told here.
const work = document.getElementById("work");

document.addEventListener("htmx:error", () => {
  work.querySelector("p").textContent = "The program does not answer. Is it still running?";
});

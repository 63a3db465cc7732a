// Dropping files on the study's page: the field takes them, and says what it took.
const form = document.getElementById("drop");
const input = form?.querySelector("input[type=file]");
const list = document.getElementById("drop-list");

function tell() {
  const files = [...input.files];
  if (!files.length) return;
  const names = files.slice(0, 6).map((file) => file.name).join(", ");
  list.textContent = `${files.length} ${files.length === 1 ? "file" : "files"}: ${names}${files.length > 6 ? " …" : ""}`;
}

if (form) {
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      form.classList.add("over");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    form.classList.remove("over");
    input.files = event.dataTransfer.files;
    tell();
    form.scrollIntoView({ block: "center" });
    form.querySelector("button").focus();
  });
  input.addEventListener("change", tell);
  form.addEventListener("submit", () => {
    form.querySelector("button").textContent = "Reading …";
    form.setAttribute("aria-busy", "true");
  });
}

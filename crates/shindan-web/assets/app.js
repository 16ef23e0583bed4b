// The one script: keyboard, and nothing that a page needs to work.
(() => {
  "use strict";
  const typing = (element) => element.closest("input,select,textarea,[contenteditable]") !== null;
  let going = false;
  const rows = () => Array.from(document.querySelectorAll("table[data-keys] tbody tr"));
  const move = (step) => {
    const all = rows();
    if (all.length === 0) return;
    const at = all.findIndex((row) => row.classList.contains("at"));
    const next = Math.min(Math.max(at + step, 0), all.length - 1);
    if (at >= 0) all[at].classList.remove("at");
    all[next].classList.add("at");
    const link = all[next].querySelector("a");
    if (link) link.focus();
    all[next].scrollIntoView({ block: "nearest" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (going) {
      going = false;
      const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    switch (event.key) {
      case "/": {
        const search = document.getElementById("q");
        if (search) {
          event.preventDefault();
          search.focus();
        }
        break;
      }
      case "j":
        move(1);
        break;
      case "k":
        move(-1);
        break;
      case "g":
        going = true;
        setTimeout(() => { going = false; }, 1500);
        break;
    }
  });
  // A form is sent once: the button waits until the answer is there.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const form = event.target;
    if (form.method !== "post") return;
    setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }), 0);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form button").forEach((button) => { button.disabled = false; });
  });
})();

// Finds an element as a person would: by what it is and by the words at it. arguments: kind, words, [which].
const [kind, words, within] = arguments;
const clean = (said) => (said || "").replace(/\s+/g, " ").trim();
// What is clipped to nothing is there for the Enter key or for readers, but nobody can hit it.
const shown = (element) => element.checkVisibility({ visibilityProperty: true }) &&
  getComputedStyle(element).clipPath !== "inset(50%)";
const root = within === "main" ? document.querySelector("main") : within ? Array.from(document.querySelectorAll("section,fieldset,form,details,tr,li,article,dialog"))
  .filter((one) => shown(one) && clean(one.querySelector("h2,h3,legend,summary,td,th,a,b")?.textContent).includes(within) ||
    one.localName === "tr" && shown(one) && clean(one.textContent).includes(within))[0] : document;
if (!root) return null;
const all = (selector) => Array.from(root.querySelectorAll(selector)).filter(shown);
const label = (control) => {
  const by = control.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => clean(document.getElementById(id)?.textContent)).join(" ");
  if (control.getAttribute("aria-label")) return clean(control.getAttribute("aria-label"));
  const labels = Array.from(control.labels || []);
  return labels.map((one) => {
    const copy = one.cloneNode(true);
    copy.querySelectorAll("select,textarea,.hint,.need,.bad").forEach((part) => part.remove());
    return clean(copy.textContent);
  }).join(" ");
};
// The exact words first, then words that begin so, then words that hold them.
const best = (elements, name) => elements.find((one) => name(one) === words) ||
  elements.find((one) => name(one).startsWith(words)) || elements.find((one) => name(one).includes(words)) || null;
switch (kind) {
  case "link": return best(all("a[href]"), (one) => clean(one.textContent) || clean(one.getAttribute("aria-label")));
  case "button": return best(all("button,input[type=submit]"), (one) => clean(one.textContent) || one.value);
  case "press": {
    // Who has just typed means the button of that form, though the frame may have one that is called the same.
    const pressed = (one) => clean(one.textContent) || one.value || "";
    const form = document.activeElement?.form;
    const own = form ? all("button,input[type=submit]").filter((one) => one.form === form) : [];
    return own.find((one) => pressed(one) === words) ||
      best(all("button,a[href],summary,input[type=submit]"), pressed);
  }
  case "field": {
    // The frame has fields, too: those of the page itself come first.
    const fields = all("input:not([type=hidden]),select,textarea");
    return best(fields.filter((one) => one.closest("main")), label) || best(fields, label);
  }
  case "summary": return best(all("summary"), (one) => clean(one.textContent));
  default: throw new Error("unknown kind " + kind);
}

// The accessibility check. Runs in the page and gives a list of {rule, where, what}; it changes nothing that lasts.
// arguments[0]: {lang, parts}; parts: "content" (once), "colour" (once per theme), "layout" (once per width).
// The rules are those of WCAG 2.2 (A and AA) that a machine can decide; their numbers stand beside them.
const [{ lang, parts }] = arguments;
const faults = [];
const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
const text = (element) => (element.textContent || "").replace(/\s+/g, " ").trim();

// How a reader of the report finds the element: the way down from the next element with an id.
const where = (element) => {
  const way = [];
  for (let at = element; at && at.nodeType === 1 && way.length < 4; at = at.parentElement) {
    const classes = Array.from(at.classList).map((name) => "." + name).join("");
    way.unshift(at.id ? "#" + at.id : at.localName + classes);
    if (at.id) break;
  }
  const shown = text(element).slice(0, 40) || element.getAttribute("name") || "";
  return way.join(" > ") + (shown ? ` "${shown}"` : "");
};
const fault = (rule, element, what) => faults.push({ rule, where: element ? where(element) : "page", what });
const shown = (element) => element.checkVisibility({ visibilityProperty: true });
// Kept for readers, or for nobody, but never seen: there is nothing to hit, and no colour to tell.
const clipped = (element) => {
  for (let at = element; at; at = at.parentElement) if (getComputedStyle(at).clipPath === "inset(50%)") return true;
  return false;
};
const exposed = (element) => shown(element) && !element.closest("[aria-hidden=true]");

const named = (element) => {
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(/\s+/).map((id) => document.getElementById(id)).filter(Boolean).map(text).join(" ").trim();
  const direct = (element.getAttribute("aria-label") || "").trim();
  if (direct) return direct;
  if (element.labels && element.labels.length) return Array.from(element.labels).map(text).join(" ").trim();
  if (element.matches("input[type=submit],input[type=button]")) return element.value.trim();
  if (element.matches("input,select,textarea")) return (element.title || "").trim();
  const pictures = all("img[alt],svg[aria-label]", element);
  const spoken = pictures.map((one) => one.getAttribute("alt") || one.getAttribute("aria-label")).join(" ");
  return (text(element) + " " + spoken).trim() || (element.title || "").trim();
};

const content = () => {
  if (document.documentElement.lang !== lang) fault("language", null, `lang is "${document.documentElement.lang}"`); // 3.1.1
  if (!document.title.trim()) fault("title", null, "the page has no title"); // 2.4.2
  const viewport = document.querySelector("meta[name=viewport]");
  if (viewport && /user-scalable\s*=\s*no|maximum-scale/.test(viewport.content)) fault("zoom", null, viewport.content); // 1.4.4

  const headings = all("h1,h2,h3,h4,h5,h6").filter(exposed);
  const firsts = headings.filter((heading) => heading.localName === "h1");
  if (firsts.length !== 1) fault("one-h1", null, `${firsts.length} headings of the first level`);
  let level = 0;
  for (const heading of headings) { // 1.3.1
    const now = Number(heading.localName[1]);
    if (now > level + 1) fault("heading-order", heading, `h${now} follows h${level}`);
    if (!text(heading)) fault("heading-empty", heading, "a heading without words");
    level = now;
  }

  const mains = all("main,[role=main]").filter(exposed); // 1.3.1, 2.4.1
  if (mains.length !== 1) fault("landmark", null, `${mains.length} of main`);
  const navigations = all("nav,[role=navigation]").filter(exposed);
  if (navigations.length === 0) fault("landmark", null, "no navigation");
  const names = new Set();
  for (const navigation of navigations) {
    const by = navigation.getAttribute("aria-labelledby");
    const name = navigation.getAttribute("aria-label") || (by && text(document.getElementById(by))) || "";
    if (!name && navigations.length > 1) fault("landmark", navigation, "one of several navigations, and without a name");
    if (name && names.has(name)) fault("landmark", navigation, `two navigations are called "${name}"`);
    names.add(name);
  }

  for (const control of all("input:not([type=hidden]),select,textarea").filter(exposed)) { // 3.3.2, 4.1.2
    if (!named(control)) fault("label", control, "a control without a label");
  }
  for (const group of all("fieldset").filter(exposed)) {
    const legend = group.querySelector(":scope > legend");
    if (!(legend && text(legend)) && !group.getAttribute("aria-label") && !group.getAttribute("aria-labelledby")) {
      fault("legend", group, "a group of controls without a name");
    }
  }
  for (const element of all("a[href],button,summary,[role=button],[role=link]").filter(exposed)) { // 2.4.4, 4.1.2
    if (!named(element)) fault("name", element, "a link or button without a name");
  }
  for (const picture of all("img").filter(exposed)) { // 1.1.1
    if (!picture.hasAttribute("alt")) fault("alternative", picture, "a picture without alt");
  }
  for (const drawing of all("svg").filter(exposed)) {
    if (drawing.parentElement.closest("svg")) continue;
    const title = drawing.querySelector(":scope > title");
    const has = drawing.getAttribute("aria-label") || drawing.getAttribute("aria-labelledby") || (title && text(title));
    if (!has) fault("alternative", drawing, "a drawing without a title");
    else if (!["img", "group", "graphics-document"].includes(drawing.getAttribute("role"))) {
      fault("alternative", drawing, "a drawing without role=img: its parts would be read one by one");
    }
  }

  const ids = new Map();
  for (const element of all("[id]")) ids.set(element.id, (ids.get(element.id) || 0) + 1);
  for (const [id, count] of ids) if (count > 1) fault("duplicate-id", document.getElementById(id), `${count} times`); // 4.1.1
  for (const attribute of ["aria-labelledby", "aria-describedby", "aria-controls", "aria-errormessage", "aria-owns"]) {
    for (const element of all(`[${attribute}]`)) {
      for (const id of element.getAttribute(attribute).split(/\s+/).filter(Boolean)) {
        if (!ids.has(id)) fault("reference", element, `${attribute} names "${id}", which is not here`);
      }
    }
  }
  for (const label of all("label[for]")) if (!ids.has(label.htmlFor)) fault("reference", label, `for="${label.htmlFor}"`);
  for (const link of all("a[href^='#']")) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (id && !ids.has(id)) fault("reference", link, `href="#${id}" leads nowhere`);
  }

  for (const table of all("table").filter(exposed)) { // 1.3.1
    const heads = all("th", table);
    if (heads.length === 0) fault("table", table, "a table without headers");
    for (const head of heads) {
      if (!head.hasAttribute("scope")) fault("table", head, "a header without scope");
      if (!named(head)) fault("table", head, "a header without words");
    }
  }
  for (const list of all("ul,ol").filter(exposed)) {
    const other = Array.from(list.children).find((child) => !child.matches("li,script,template"));
    if (other) fault("list", other, "not an item, and directly in a list");
  }
  for (const item of all("dt,dd")) {
    if (!item.parentElement.matches("dl,dl > div")) fault("list", item, "outside of a description list");
  }
  for (const element of all("[tabindex]")) {
    if (element.tabIndex > 0) fault("tab-order", element, `tabindex ${element.tabIndex}`); // 2.4.3
  }
  for (const element of all("[role]")) if (!element.getAttribute("role").trim()) fault("role", element, "an empty role");
  focus();
};

// What can be focused must be seen when it is, and must not be hidden from the others (2.4.7, 2.4.11, 4.1.2).
const focus = () => {
  const before = document.activeElement;
  const [left, top] = [scrollX, scrollY];
  const look = (element) => {
    const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.borderColor,
      style.backgroundColor].join("|");
  };
  const reachable = all("a[href],button,input:not([type=hidden]),select,textarea,summary,[tabindex='0']")
    .filter((element) => !element.disabled && element.tabIndex >= 0 && shown(element));
  for (const element of reachable) {
    if (element.closest("[aria-hidden=true]")) fault("focus", element, "can be focused, but is hidden from readers");
    if (element.checked !== undefined && element.type === "radio") continue;
    const plain = look(element);
    element.focus({ preventScroll: true, focusVisible: true });
    if (document.activeElement !== element) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) fault("focus", element, "can be focused, but has no size");
    if (box.right < 0 || box.bottom + scrollY < 0) fault("focus", element, "can be focused, but is outside of the page");
    if (element.matches(":focus-visible") && look(element) === plain) fault("focus", element, "looks as it does without focus");
    element.blur();
  }
  // Tab begins where it would have begun: at what had the focus, else at the top.
  if (before && before !== document.body) before.focus({ preventScroll: true });
  else {
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus({ preventScroll: true });
    top.remove();
  }
  scrollTo(left, top);
};

// Any colour that CSS can say, as numbers.
const canvas = document.createElement("canvas");
canvas.width = canvas.height = 1;
const brush = canvas.getContext("2d", { willReadFrequently: true });
const known = new Map();
const colour = (said) => {
  if (!known.has(said)) {
    brush.clearRect(0, 0, 1, 1);
    brush.fillStyle = "#000";
    brush.fillStyle = said;
    brush.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
    known.set(said, [red, green, blue, alpha / 255]);
  }
  return known.get(said);
};
const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
const ground = (element) => {
  const layers = [];
  for (let at = element; at; at = at.parentElement) {
    const style = getComputedStyle(at);
    if (style.backgroundImage !== "none") return null;
    const layer = colour(style.backgroundColor);
    if (layer[3] > 0) layers.push(layer);
    if (layer[3] === 1) break;
  }
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  return layers.reduceRight((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
};
const brightness = ([red, green, blue]) => {
  const [r, g, b] = [red, green, blue].map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [high, low] = [brightness(one), brightness(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

const colours = () => { // 1.4.3
  const done = new Map();
  const check = (element, said, what) => {
    const style = getComputedStyle(element);
    const behind = ground(element);
    if (!behind) return;
    let fore = colour(said);
    let faint = 1;
    for (let at = element; at; at = at.parentElement) faint *= Number(getComputedStyle(at).opacity);
    fore = over([fore[0], fore[1], fore[2], fore[3] * faint], behind);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    const ratio = contrast(fore, behind);
    if (ratio < (large ? 3 : 4.5) - 0.01) {
      const key = `${said}|${behind}|${what}`;
      if (done.has(key)) return;
      done.set(key, true);
      fault("contrast", element, `${ratio.toFixed(2)}:1 ${what} ${said} on rgb(${behind.slice(0, 3).map(Math.round)})`);
    }
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || seen.has(element)) continue;
    seen.add(element);
    if (element.closest("script,style,template,noscript,title,desc,option") || !shown(element)) continue;
    if (element.closest("[disabled],[aria-disabled=true]") || clipped(element)) continue;
    const style = getComputedStyle(element);
    check(element, element.closest("svg") ? style.fill : style.color, "of text");
  }
  for (const control of all("input:not([type=hidden]):not([type=checkbox]):not([type=radio]),textarea,select").filter(shown)) {
    if (control.disabled || clipped(control)) continue;
    check(control, getComputedStyle(control).color, "of what is typed");
    if (control.placeholder) check(control, getComputedStyle(control, "::placeholder").color, "of the hint inside");
    const line = colour(getComputedStyle(control).borderTopColor); // 1.4.11
    const around = control.parentElement && ground(control.parentElement);
    if (around && getComputedStyle(control).borderTopStyle !== "none" && contrast(over(line, around), around) < 2.99 &&
        contrast(ground(control) || around, around) < 2.99) {
      fault("contrast", control, `the line around it has ${contrast(over(line, around), around).toFixed(2)}:1`);
    }
  }
};

const layout = () => {
  const page = document.scrollingElement;
  if (page.scrollWidth > page.clientWidth + 1) { // 1.4.10
    const inBox = (element) => {
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        if (getComputedStyle(at).overflowX !== "visible") return true;
      }
      return false;
    };
    const wide = all("body *").filter((element) => shown(element) && !inBox(element) &&
      element.getBoundingClientRect().right + scrollX > page.clientWidth + 1);
    const inner = wide.filter((element) => !wide.some((other) => other !== element && element.contains(other)));
    fault("too-wide", inner[0] || null, `the page is ${page.scrollWidth} px wide in ${page.clientWidth} px`);
  }
  // 2.5.8: 24 px, or so far from the next one that a circle of 24 px around its middle does not touch another;
  // links within a sentence are as high as its line.
  const targets = all("a[href],button,input:not([type=hidden]),select,textarea,summary").filter((element) => {
    const box = element.getBoundingClientRect();
    return shown(element) && !clipped(element) && box.width > 1 && box.height > 1 && box.right > 0;
  });
  const boxes = targets.map((element) => {
    const label = element.matches("[type=checkbox],[type=radio]") && element.labels && element.labels[0];
    return (label || element).getBoundingClientRect();
  });
  const small = (box) => box.width < 23.5 || box.height < 23.5;
  const middle = (box) => [box.left + box.width / 2, box.top + box.height / 2];
  targets.forEach((element, at) => {
    if (!small(boxes[at])) return;
    const block = element.parentElement;
    const inSentence = element.localName === "a" && getComputedStyle(element).display === "inline" &&
      Array.from(block.childNodes).some((node) => node.nodeType === 3 && /[\p{L}\p{N}]/u.test(node.data));
    if (inSentence) return;
    const [x, y] = middle(boxes[at]);
    const touched = boxes.findIndex((box, other) => {
      if (other === at || targets[other].contains(element) || element.contains(targets[other])) return false;
      const [dx, dy] = [Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)];
      if (Math.hypot(dx, dy) < 11.5) return true;
      const [u, v] = middle(box);
      return small(box) && Math.hypot(u - x, v - y) < 23.5;
    });
    if (touched >= 0) {
      const box = boxes[at];
      fault("target", element, `${Math.round(box.width)} × ${Math.round(box.height)} px, too near to ${where(targets[touched])}`);
    }
  });
};

if (parts.includes("content")) content();
if (parts.includes("colour")) colours();
if (parts.includes("layout")) layout();
return faults;
